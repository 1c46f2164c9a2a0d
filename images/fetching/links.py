"""The links of a web page, resolved as browsers do."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from django.core.exceptions import ValidationError

from images.fetching.addresses import MAX_LENGTH, Address
from images.fetching.tags import Tag
from web.addresses import has_long_host

LINE_BREAKS = str.maketrans("", "", "\t\r\n")


@dataclass(frozen=True)
class Links:
    """The base and the charset of a page, by which its links are resolved."""

    base: str
    charset: str

    @classmethod
    def of(cls, address: Address, tags: list[Tag], charset: str) -> "Links":
        """Return the links of the page at `address`, with the first base in its tags."""
        bases = (tag.attributes for tag in tags if tag.name == "base")
        first = next((base["href"] for base in bases if "href" in base), "")
        base = cls(address.url, charset).absolute(first)
        return cls(base or address.url, charset)

    def absolute(self, link: str) -> str:
        """Return the absolute URL of a link, or "" if it leads to no web address."""
        link = link.strip().translate(LINE_BREAKS)
        # Joining two long URLs is slow.
        if not link or len(link) > MAX_LENGTH:
            return ""
        path, mark, query = link.partition("?")
        path = path.replace("\\", "/")
        if has_long_host(path):
            return ""
        with suppress(ValueError, ValidationError):
            return Address.parse(urljoin(self.base, path + mark + self._encoded(query))).url
        return ""

    def _encoded(self, query: str) -> str:
        """Return a query as browsers send it: encoded like the page, unless that is in UTF-16."""
        charset = "utf-8" if self.charset.startswith("utf-16") else self.charset
        return "".join(
            char if char.isascii() else quote(char, encoding=charset, errors="xmlcharrefreplace")
            for char in query
        )
