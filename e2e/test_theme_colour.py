"""The browser's own bars have the colour of the page's header."""

import pytest
from playwright.sync_api import Page

THEME_COLOUR = """() => {
  const themes = [...document.querySelectorAll('meta[name="theme-color"]')];
  const sample = document.createElement("i");
  document.body.append(sample);
  sample.style.color = themes.find(({ media }) => matchMedia(media || "all").matches).content;
  return getComputedStyle(sample).color;
}"""
HEADER_COLOUR = "getComputedStyle(document.querySelector('.site-header')).backgroundColor"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_colour_is_the_colour_of_the_header(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/accounts/login/")
    assert page.evaluate(THEME_COLOUR) == page.evaluate(HEADER_COLOUR)
