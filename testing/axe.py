"""Accessibility faults that axe-core finds, at two widths and in both colour schemes."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

NARROW: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only these rules depend on colours.
COLOURS = ["cat.color"]
# With preload, axe fetches imported stylesheets from the wrong URL.
RUN_AXE = """async ([within, values]) => {
  // Finding a selector for each element takes longer than the rules themselves.
  const options = {
    preload: false, selectors: false, resultTypes: ["violations"], runOnly: { type: "tag", values }
  };
  const { violations } = await axe.run(within, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}"""


def violations(page: Page, within: str = "html") -> list[str]:
    """Return the violations of WCAG 2.2 AA and of axe's best practices on the open page."""
    page.evaluate(Axe().axe_script)
    found = []
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        # Axe would count an element partly covered by the sticky header as too small.
        page.evaluate("scrollTo(0, 0)")
        page.emulate_media(color_scheme="light")
        found += page.evaluate(RUN_AXE, [within, RULES])
        page.emulate_media(color_scheme="dark")
        found += page.evaluate(RUN_AXE, [within, COLOURS])
    return [f"{page.url}: {fault}" for fault in dict.fromkeys(found)]
