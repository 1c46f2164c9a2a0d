// Opens Magpie with the largest image of a page, or with the page itself where it has none.
// It loads nothing and adds nothing to the page, so that no policy of the page stands in its way.
(() => {
  const address = (image) => image.currentSrc || image.src;
  const area = (image) => image.naturalWidth * image.naturalHeight;
  const isPicture = (image) => /^https?:/.test(address(image)) && !/\.svg([?#]|$)/.test(address(image));
  const isShown = (image) => image.getClientRects().length > 0;
  const [largest] = [...document.images]
    .filter((image) => isPicture(image) && isShown(image))
    .sort((a, b) => area(b) - area(a));
  const add = new URL("ADD_URL");
  add.searchParams.set("url", largest ? address(largest) : location.href);
  add.searchParams.set("title", document.title.slice(0, 100));
  window.open(add, "_blank", "noopener");
})();
