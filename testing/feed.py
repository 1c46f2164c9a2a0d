"""Reading the entries of a feed, from HTML or page by page."""

import json
import re
from base64 import urlsafe_b64encode
from html import unescape

from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from stream.entries import Entry
from stream.feed import Feed
from stream.keyset import Page
from testing.markup import next_page

HTMX = {"HX-Request": "true"}


def entry_ids(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="entry" id="action-(\d+)"', html)]


def entry_texts(html: str) -> list[str]:
    paragraphs = re.findall(r'<article class="entry".*?<p>(.*?)</p>', html, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in paragraphs]


def paragraphs_of(html: str) -> list[list[str]]:
    """Return what each entry says that people did."""
    entries = LexborHTMLParser(html).css("article.entry")
    return [
        [" ".join(node.text().split()) for node in entry.css(".entry__text p:not(.quiet-text)")]
        for entry in entries
    ]


def entry_ids_by_page(
    client: Client, url: str, headers: dict[str, str] | None = None
) -> list[list[int]]:
    """Follow the links to the last page, and return the entry IDs of each page."""
    pages = []
    while url:
        html = client.get(url, headers=headers).text
        pages.append(entry_ids(html))
        url = next_page(html)
    return pages


def pages_of(feed: Feed) -> list[Page[Entry]]:
    pages = [feed.page("")]
    while pages[-1].next_cursor:
        pages.append(feed.page(pages[-1].next_cursor))
    return pages


def encode_cursor(values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()
