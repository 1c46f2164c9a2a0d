"""Read the tags of a web page in one pass, without building its tree.

Tags, comments and raw text are told apart as in the tokenizer of the HTML standard. The trees of
hostile pages take minutes to build, because the time is quadratic in their depth, in the number of
open formatting elements, and in the number of a tag's attributes.
"""

import re
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

STARTS = (
    "a|amp-img|base|iframe|image|img|input|link|meta|noembed|noframes|object|picture|plaintext"
    "|script|source|style|svg|textarea|title|video|xmp"
)
ENDS = "a|picture|svg"
RAW_TEXT = {"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"}
# An attribute, or what separates attributes. The quantifiers are possessive, for linear time.
ATTRIBUTE = r"""(?:
    [\s/]++
    | [^\s/>] [^\s/>=]*+ (?: \s*+ = \s*+ (?: "[^"]*+" | '[^']*+' | (?!["'])[^\s>]*+ ) | (?!\s*+=) )
)"""
# Text, comments and other tags.
SKIPPED = rf"""(?:
    [^<]++
    | <(?![a-z/!?])
    | <(?! (?:{STARTS}|/(?:{ENDS})) [\s/>] ) /? [a-z] [^\s/>]*+ {ATTRIBUTE}*+ >
    | <!-- (?: -?> | .*?--!?> )
    | < (?: !(?!--) | \? | /(?![a-z]) ) [^>]*+ >
)*+"""
MAX_ATTRIBUTES = 60
TAG = re.compile(
    rf"""{SKIPPED} <(?P<name>{STARTS}|/(?:{ENDS})) (?=[\s/>])
    (?P<attributes> {ATTRIBUTE}{{0,{2 * MAX_ATTRIBUTES}}}+ ) {ATTRIBUTE}*+ >""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE | re.ASCII,
)
RAW_TEXT_ENDS = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in RAW_TEXT - {"script"}
}
SCRIPT_MARK = re.compile(r"<!--(?:-*>)?|-->|</?script(?=[\s/>])", re.IGNORECASE)
MAX_TAGS = 10_000


class Tag(NamedTuple):
    """A start tag with its attributes, or an end tag such as `/a`. Scripts and titles have text."""

    name: str
    attributes: dict[str, str]
    text: str = ""


def read_tags(page: str) -> list[Tag]:
    """Return the tags of `STARTS` and `ENDS` on a page, the first 10,000 of them."""
    found: list[tuple[str, str, str]] = []
    position, drawings = 0, 0
    while len(found) < MAX_TAGS and (match := TAG.match(page, position)):
        name, position, text = match["name"].lower(), match.end(), ""
        if name == "plaintext":
            break
        # Drawings have titles of their own. Their end tags may be missing.
        drawings = {"svg": 1, "/svg": 0}.get(name, drawings)
        if name in RAW_TEXT and not drawings:
            end = _end_of_raw_text(page, name, position)
            text, position = page[position:end], end
        found.append((name, match["attributes"], text))
    attributes = _parsed([attributes for _, attributes, _ in found])
    return [
        Tag(name, parsed, unescape(text) if name == "title" else text)
        for (name, _, text), parsed in zip(found, attributes, strict=True)
    ]


def _end_of_raw_text(page: str, name: str, start: int) -> int:
    if name == "script":
        return _end_of_script(page, start)
    end = RAW_TEXT_ENDS[name].search(page, start)
    return end.start() if end else len(page)


def _end_of_script(page: str, start: int) -> int:
    """Return where a script ends. In a comment, it may contain another script with its end tag."""
    is_comment = is_inner = False
    for mark in SCRIPT_MARK.finditer(page, start):
        match mark[0].lower():
            case "<!--":
                is_comment = True
            case "<script":
                is_inner = is_comment
            case "</script" if is_inner:
                is_inner = False
            case "</script":
                return mark.start()
            case _:
                is_comment = is_inner = False
    return len(page)


def _parsed(attributes: list[str]) -> list[dict[str, str]]:
    """Parse the attributes of several tags."""
    # As `img`, no tag contains another or changes how the next one is parsed.
    tree = LexborHTMLParser("".join(f"<img {text}>" for text in attributes))
    nodes = tree.css("img")
    return [{name: value or "" for name, value in node.attributes.items()} for node in nodes]
