"""Reading the HTML of pages."""

from selectolax.lexbor import LexborHTMLParser


def has(html: str, selector: str) -> bool:
    return LexborHTMLParser(html).css_matches(selector)


def text_of(html: str, selector: str) -> str:
    """Return the text of the first element that matches a selector, or an empty text."""
    node = LexborHTMLParser(html).css_first(selector)
    return " ".join(node.text().split()) if node else ""


def next_page(html: str) -> str:
    """Return the address of the next page of a list, or an empty text on the last page."""
    link = LexborHTMLParser(html).css_first('a[rel="next"]')
    return (link.attributes["href"] or "") if link else ""


def previous_page(html: str) -> str:
    """Return the address to which the link to newer rows leads, or an empty text."""
    link = LexborHTMLParser(html).css_first('a[rel="prev"]')
    return (link.attributes["href"] or "") if link else ""
