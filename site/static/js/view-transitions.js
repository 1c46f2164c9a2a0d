// The image that is pressed in a list becomes the one on its page, and the other way round.
let moving;
const move = ({ viewTransition }, url) => {
  moving?.style.removeProperty("view-transition-name");
  const { pathname } = new URL(url ?? location);
  const image = viewTransition && document.querySelector(`article a[href="${pathname}"] img:not(.photo)`);
  const box = image?.getBoundingClientRect();
  moving = box?.bottom > 0 && box.top < innerHeight ? image : undefined;
  moving?.style.setProperty("view-transition-name", "shown-image");
};
addEventListener("pageswap", (event) => move(event, event.activation?.entry?.url));
addEventListener("pagereveal", (event) => move(event, window.navigation?.activation?.from?.url));
