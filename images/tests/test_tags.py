"""Tags are found as a parser finds them that builds the whole tree."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from images.fetching.tags import read_tags

PIECES = [
    *("<", ">", "/", "=", '"', "'", " ", "\n", "\t", "\x0c", "\0", "`", "a", "B", "!", "-", "x"),
    *(
        "--",
        "<!--",
        "-->",
        "--!>",
        "<!",
        "<?",
        "</",
        "&amp;",
        "&copy=1",
        "&notit;",
        "<!doctype html>",
    ),
    *(
        "<img",
        "<IMG ",
        "src=",
        'src="',
        "alt='",
        "<img src=a>",
        '<div title="',
        "<p>",
        "<a",
        "</a>",
    ),
    *("<script", "<script>", "</script ", "</SCRIPT>", "<style>", "</style>", "<xmp>", "</xmp>"),
    *("<title>", "</title>", "<textarea>", "</textarea>", "<base href=b>", "<meta name=c content="),
]
NAMES = ("img", "base", "meta", "script", "style", "title", "textarea", "xmp")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("<script><!-- <script></script> --></script><img src=a>")
@settings(max_examples=500, deadline=None)
def test_any_text_has_the_tags_of_its_tree(html: str) -> None:
    tree = LexborHTMLParser(html).css(",".join(NAMES))
    expected = [
        (node.tag, {name: value or "" for name, value in node.attributes.items()}) for node in tree
    ]
    found = [(tag.name, tag.attributes) for tag in read_tags(html) if tag.name in NAMES]
    assert found == expected


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_the_text_of_a_title_is_that_of_its_tree(text: str) -> None:
    tree = LexborHTMLParser(f"<title>{text}").css_first("title")
    tag = read_tags(f"<title>{text}")[0]
    assert tag.text.replace("\0", "\ufffd") == (tree.text() if tree else "")
