"""The pictures that a web page offers, and their order."""

import re

import pytest

from images.fetching.addresses import Address
from images.fetching.web_page import MAX_PAGE_BYTES, WebPage, read_page

HOME = Address.parse("https://site.test/blog/post?id=1")


def read(html: str | bytes, content_type: str = "") -> WebPage:
    return read_page(html.encode() if isinstance(html, str) else html, HOME, content_type)


def named(html: str) -> list[str]:
    """Return the URLs of a page's pictures, relative if they are in the same folder."""
    urls = [picture.url for picture in read(html).pictures]
    return [url.removeprefix("https://site.test/blog/") for url in urls]


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ("<img src=a.png>", ["a.png"]),
        ("<IMG\nSRC = 'a.png' />", ["a.png"]),
        ("<img src=a.png><img src=a.png>", ["a.png"]),
        ("<img src=' my cat.png '>", ["my%20cat.png"]),
        ("<img src='a.png?b=1&amp;c=2'>", ["a.png?b=1&c=2"]),
        ("<img alt='a > b' src=a.png>", ["a.png"]),
        ("<img src=/a.png>", ["https://site.test/a.png"]),
        ("<img src=//b.test/a.png>", ["https://b.test/a.png"]),
        ("<img src=http://b.test/a.png>", ["http://b.test/a.png"]),
        ("<img src='\u732b.png'>", ["%E7%8C%AB.png"]),
        ("<base href=/c/><img src=a.png>", ["https://site.test/c/a.png"]),
        ("<base href='https://b.test/c/'><img src=a.png>", ["https://b.test/c/a.png"]),
        ("<base href=''><base href=x><img src=a.png>", ["a.png"]),
        ("<base href='https://['><img src=a.png>", ["a.png"]),
        ("<base href='data:,'><img src=https://b.test/>", ["https://b.test/"]),
        (
            "<img src=s width=9 height=9><img src=l width=900 height=600><img src=u>",
            ["l", "u", "s"],
        ),
        ("<img src=s width=100%><img src=l width=' 2000px'>", ["l", "s"]),
        ("<img src=a width=999999999999><img src=b width=-1><img src=c width=\u00b2>", [*"abc"]),
        ("<meta property=og:image content=o><img src=l width=9000>", ["o", "l"]),
        ("<img src=l><meta content=o property='og:image'/>", ["o", "l"]),
        ("<meta property=og:image:secure_url content=o>", ["o"]),
        ("<meta name=twitter:image content=o><meta property=og:image content=p>", ["p", "o"]),
        ("<meta name=og:image content=a><META PROPERTY=OG:Image CONTENT=b>", ["a", "b"]),
        ("<meta property='og:image twitter:image' content=a>", ["a"]),
        ("<meta name=twitter:image:src content=a>", ["a"]),
        ("<meta name=twitter:image value=a>", ["a"]),
        ("<image src=a>", ["a"]),
        ("<img src=l><link rel='x IMAGE_SRC' href=a>", ["a", "l"]),
        ("<img src=l><meta itemprop=image content=a><link itemprop=thumbnailUrl href=b>", [*"abl"]),
        ("<img src=l><img itemprop='image x' src=a>", ["a", "l"]),
        ("<img src=l><meta name=thumbnail content=a>", ["a", "l"]),
        ("<meta property=og:image content=''><meta property=og:image><img src=' '>", []),
        (
            "<meta property=og:image:width content=9><meta property=og:image:alt content='My cat'>"
            "<meta property=og:image:type content=image/png><meta name=description content=a>",
            [],
        ),
        ("<img src=a srcset='b 1x, c 2x, d 1.5x'>", ["c"]),
        ("<img src=a srcset='b 100w,c 900w,d 200w'>", ["c"]),
        ("<img src=a srcset='b 1x,c 2x'>", ["c"]),
        ("<img src=a srcset='b,1,2 100w, c,3 50w'>", ["b,1,2"]),
        ("<img src=a srcset='b'>", ["b"]),
        ("<img src=a srcset=', , x'>", ["x"]),
        ("<img src=a srcset=' '>", ["a"]),
        ("<img src=a srcset='b nanx, c infw, d x'>", ["b"]),
        ("<img src=a srcset='b 1x, c 2x,'>", ["c"]),
        ("<img src=a srcset='b(1,2) 100w, c 50w'>", ["b(1,2)"]),
        ("<img src=a srcset='data:image/gif;base64,R0lG 900w, c 50w'>", ["c"]),
        ("<picture><source srcset='b 9w, c 10w'><img src=a></picture>", ["c"]),
        ("<picture><source srcset=b type=image/avif><source srcset=c><img src=a></picture>", ["c"]),
        ("<picture><source srcset=b type=image/avif></picture>", ["b"]),
        ("<picture><source data-srcset='b 9w'><img src=data:,></picture><img src=a>", ["b", "a"]),
        ("<video><source src=v.mp4></video><img src=a>", ["a"]),
        ("<amp-img srcset='a 9w, b 10w' src=c>", ["b"]),
        ("<img src=data:, data-original=b>", ["b"]),
        ("<img src=data:, data-lazy=b>", ["b"]),
        ("<img src=data:, data-lazy-srcset='b 1x, c 2x'>", ["c"]),
        ("<img src=/1.gif data-full-image='b.jpg?x=1' data-id=3>", ["b.jpg?x=1"]),
        ("<img src=a data-placeholder-src=b.png data-image-id=3 data-thumb=c.png>", ["a"]),
        ("<noscript><img src=a></noscript>", ["a"]),
        ("<a href=b.JPG><img src=a></a><img src=c>", ["b.JPG", "c"]),
        ("<a href=b.jpg?w=1><span><img src=a></span></a><a href=d.png>", ["b.jpg?w=1"]),
        ("<a href=b.html><img src=a></a><a href=c.png></a><img src=d>", ["a", "d"]),
        ("<a href=b.png><img src=a width=200 height=150></a><img src=c>", ["b.png", "c"]),
        ("<img src=a data-src=b>", ["b"]),
        ("<img src='data:image/gif;base64,R0==' data-src=b>", ["b"]),
        ("<img src='data:image/png;base64,iVBO'>", []),
        ("<img src=' DATA:image/png;base64,iVBO'>", []),
        ("<img src=javascript:alert(1)><img src=blob:a><img src=file:///etc/passwd>", []),
        ("<img src=https://a:b@site.test/><img src=https://site.test:22/>", []),
        ("<img src='https://['><img src='https://a b/'>", []),
        ("<img><img src><img src=''><img/src=a>", ["a"]),
        ("<!-- <img src=a> --><script>'<img src=b>'</script><style><img src=c></style>", []),
        ("<svg><image xlink:href=a /><image href=b></svg>", ["a", "b"]),
        ("<object data=a></object><video poster=b></video><input type=image src=c>", [*"abc"]),
        ("<img src='\\c\\a.png?b\\c'>", ["https://site.test/c/a.png?b%5Cc"]),
        ("<img src='a\n\tb.png'>", ["ab.png"]),
        ("<base target=_top><base href=/c/><img src=a>", ["https://site.test/c/a"]),
        ("<img alt=Bird's src=a>", ["a"]),
        ('<img alt=a"b src=a><img alt=\'c" src=b>"\' src=c>', ["a", "c"]),
        ("<img title=a/src=b src=c><img src=/>", ["c", "https://site.test/"]),
        ("<!--><img src=a>--><!---><img src=b>", ["a", "b"]),
        ("<!-- a --!><img src=a><!-- <!-- --><img src=b>", ["a", "b"]),
        ("<img src=a><!-- unclosed <img src=b>", ["a"]),
        ("<!a <img src=a>><?b <img src=c>></ <img src=d>><img src=e>", ["e"]),
        ("<style>p{}<img src=a>", []),
        ("<textarea><img src=a></textarea><title><img src=b></title><img src=c>", ["c"]),
        ("<script></scripts><img src=a></SCRIPT ><img src=b>", ["b"]),
        ("<script><!-- <script>'<img src=a>'</script> --></script><img src=b>", ["b"]),
        ("<script><!--</script><img src=a>", ["a"]),
        ('<img src=a title="<img src=b><img src=c>', []),
        ("a < b <img src=a> <3 <img src=b>", ["a", "b"]),
        ("<div><p><img src=a<b></table></html><img src=c", ["a%3Cb"]),
        ("<img src=a>\0\ufffd<img src=b>", ["a", "b"]),
    ],
)
def test_the_urls_of_a_pages_images_are_found(html: str, urls: list[str]) -> None:
    assert named(html) == urls
    assert all(re.match(r"https?://[!-~]+$", picture.url) for picture in read(html).pictures)


def test_images_far_down_a_page_are_ignored() -> None:
    far = " " * MAX_PAGE_BYTES
    assert named(f"<img src=a>{far}<img src=b>") == ["a"]


@pytest.mark.parametrize(
    ("data", "urls"),
    [
        ('{"image": "a"}', ["a"]),
        ('[{"image": ["a", {"url": "b"}, {"contentUrl": "c", "url": "d"}, 3, null]}]', [*"abc"]),
        ('{"@graph": [{"@type": "ImageObject", "url": "a"}, {"image": "b"}]}', ["a", "b"]),
        ('{"@type": ["Person"], "image": "a"}', []),
        ('{"@graph": [{"@type": "Organization", "image": "a"}, {"image": "b"}]}', ["b"]),
        ('{"publisher": {"logo": "a"}, "mainEntity": {"thumbnailUrl": "b"}}', ["b"]),
        ('//<![CDATA[\n{"image": "a"}\n//]]>', ["a"]),
        ('<!-- {"image": "a"} -->', ["a"]),
        ('{"name": "a\nb", "image": "a"};', ["a"]),
        ('{"image": "a"', []),
        ("", []),
        ("3", []),
        ('{"image": {"@id": "a"}}', []),
    ],
)
def test_linked_data_names_pictures(data: str, urls: list[str]) -> None:
    html = f"<img src=l><script type=Application/LD+json>{data}</script>"
    assert named(html) == [*urls, "l"]
    assert named(f"<script>{data}</script>") == []


def test_a_picture_has_the_text_that_describes_it() -> None:
    page = read(
        "<meta property=og:image content=a><meta property=og:image:alt content='A  bird'>"
        "<meta name=twitter:image content=b><img src=b alt=' A nest &amp; eggs'>"
        "<a href=c.png><img src=c alt=Feather></a><img src=d>"
    )
    assert [picture.alt for picture in page.pictures] == ["A bird", "A nest & eggs", "Feather", ""]


def test_the_thumbnail_of_a_linked_picture_is_known() -> None:
    [picture] = read("<a href=c.png><img src=c></a>").pictures
    assert picture.url == "https://site.test/blog/c.png"
    assert picture.fallback_url == "https://site.test/blog/c"
