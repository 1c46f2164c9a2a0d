// Opens Magpie's form with a page: its address and title, the selected text, and the largest images
// that it shows. It loads nothing and adds nothing to the page, so that no policy of the page stands
// in its way.
(() => {
  const area = (image) => image.naturalWidth * image.naturalHeight;
  const isShown = (image) => {
    const { width, height } = image.getBoundingClientRect();
    const isPixel = Math.min(width, height, image.naturalWidth, image.naturalHeight) < 10;
    const isIcon = Math.max(image.naturalWidth, image.naturalHeight) < 80;
    return !isPixel && !isIcon && getComputedStyle(image).visibility === "visible";
  };
  const absolute = (url) => {
    try {
      return new URL(url, document.baseURI).href;
    } catch {
      return "";
    }
  };
  const isUsable = (url) => /^https?:/.test(url) && !/\.svg([?#]|$)/i.test(url);
  // The largest file of an image that is no AVIF, or else the one that is shown.
  const address = (image) => {
    const sources = [image, ...(image.closest("picture")?.querySelectorAll("source") || [])]
      .filter(({ media }) => !media || matchMedia(media).matches)
      .filter(({ type }) => !type || /jpe?g|png|webp|gif/.test(type))
      .flatMap(({ srcset }) => [...srcset.matchAll(/(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)/g)]);
    const urls = [...sources, [, image.src]]
      .sort(([, , one = 1], [, , other = 1]) => other - one)
      .map(([, url]) => absolute(url));
    return [...urls.filter((url) => !/\.avif([?#]|$)/i.test(url)), image.currentSrc].find(isUsable);
  };
  const add = new URL("ADD_URL");
  // Servers refuse addresses that are longer than 8,000.
  const put = (name, text, most) => {
    // Whole characters, because an emoji is two.
    const characters = [...text.trim()].slice(0, most);
    do add.searchParams.set(name, characters.join(""));
    while (add.href.length > 5000 && characters.splice(-9).length);
  };
  // A picture that is open by itself has no page.
  const isImage = document.contentType.startsWith("image/");
  add.searchParams.set(isImage ? "url" : "page", location.href);
  put("title", isImage ? "" : document.title, 100);
  put("text", getSelection().toString(), 2000);
  const pictures = [...document.images].filter(isShown).sort((a, b) => area(b) - area(a));
  for (const url of [...new Set(pictures.map(address))].filter(Boolean).slice(0, 8)) {
    const before = add.search;
    add.searchParams.append("picture", url);
    if (add.href.length > 7700) add.search = before;
  }
  window.open(add, "_blank", "noopener");
})();
