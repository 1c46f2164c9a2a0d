"""The cost of reading web pages of two megabytes: an ordinary one, and hostile ones."""

from time import process_time

from images.fetching.addresses import Address
from images.fetching.web_page import MAX_PAGE_BYTES, WebPage, is_web_page, read_page
from testing.hostile_pages import HOSTILE_PAGES
from tools.bench.memory import forget_peak, megabytes

BUDGET = 0.5
PARAGRAPH = "<p>A heron by the <a href='/canal'>old canal</a> at first light &amp; after rain.</p>"
ARTICLE = (
    "<!doctype html><title>Herons</title><meta property='og:image' content='/heron.jpg'>"
    "<figure class='wide'><picture><source type='image/webp' srcset='/1.webp 400w, /2.webp 800w'>"
    "<img src='/1.jpg' width='800' height='600' alt='A heron' loading='lazy'></picture></figure>"
    f"{PARAGRAPH * 30}<script>window.loaded = {{'a': 1, 'b': [{'0, ' * 400}0]}}</script>"
)


def measure() -> None:
    """Print the time and memory that each page takes, and fail if one takes half a second."""
    pages = {"**an ordinary article**": ARTICLE, **HOSTILE_PAGES}
    costs = {name: cost(html) for name, html in pages.items()}
    print("| a web page of 2 MB | processor time | memory |")
    print("|---|---|---|")
    for name, (taken, memory) in sorted(costs.items(), key=lambda each: each[1], reverse=True):
        print(f"| {name} | {1000 * taken:.0f} ms | {memory:.0f} MB |")
    print(flush=True)
    if max(taken for taken, _ in costs.values()) > BUDGET:
        raise SystemExit(f"A page takes more than {BUDGET} s.")


def cost(html: str) -> tuple[float, float]:
    """Return the seconds and the megabytes that a page takes beyond its own two."""
    forget_peak()
    before = megabytes("VmRSS")
    taken = seconds(html)
    return taken, megabytes("VmHWM") - before


def seconds(html: str) -> float:
    before = process_time()
    read(html)
    return process_time() - before


def read(html: str) -> WebPage:
    """Read a page of two megabytes that repeats a text."""
    body = (html * (MAX_PAGE_BYTES // len(html) + 1)).encode()[:MAX_PAGE_BYTES]
    is_web_page(body)
    return read_page(body, Address.parse("https://site.test/"))
