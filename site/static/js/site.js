// A ctrl-, cmd- or shift-click opens a link elsewhere; htmx must not take it for its own.
document.addEventListener(
  "click",
  (event) => {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (opensElsewhere && event.target.closest("a[hx-get]")) event.stopPropagation();
  },
  { capture: true },
);

let pressed = false;

// What could not be loaded says so itself where it has a place for that, or else in the page's
// alert; the next success clears it. That there may be news is asked again anyway.
const say = (key, otherwise) => {
  const alert = document.getElementById("alert");
  alert.textContent = alert.dataset[key] ?? alert.dataset[otherwise] ?? "";
};
const fail = (key) => ({ target, detail }) => {
  const loader = target.closest(".loader");
  if (loader) loader.classList.add("failed");
  else if (target.id !== "news-ask") say(detail.xhr.status, key);
};
document.addEventListener("htmx:responseError", fail("refused"));
document.addEventListener("htmx:sendError", fail("offline"));
document.addEventListener("htmx:timeout", fail("offline"));
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (detail.successful) say("");
  else if (target.id !== "news-ask") pressed = false;
});
document.addEventListener("change", () => say(""));
document.addEventListener("htmx:beforeRequest", (event) => {
  event.target.closest(".loader")?.classList.remove("failed");
  // Nobody looks at it, or the focus is on the link that asks for the same.
  const isVain = document.hidden && event.target.id === "news-ask";
  if (isVain || event.target.matches(".ahead:has(~ :focus)")) event.preventDefault();
});

// Older rows that somebody pressed for, or whose link had the focus, get it. What is being read
// stays where it is when new ones come in above, and a link leads to them; if the top is in sight,
// they are seen at once.
let list;
const news = () => document.getElementById("news");
document.addEventListener("click", ({ target }) => {
  pressed ||= Boolean(target.closest("a[hx-get]"));
});
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  list = undefined;
  if (!target.matches("ul")) return;
  pressed ||= Boolean(document.querySelector(".more :focus"));
  const top = document.querySelector(".site-header").getBoundingClientRect().bottom;
  const rows = [...target.children];
  const read = rows.find((row) => row.getBoundingClientRect().bottom > top) ?? rows.at(-1);
  list = { target, rows, read, place: read?.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "feed" && pressed) {
    target.querySelector("article")?.focus();
    pressed = false;
  }
  if (target !== list?.target) return;
  const first = [...target.children].find((row) => !list.rows.includes(row));
  const isBelow = list.rows.length && first !== target.firstElementChild;
  if (isBelow || list.read === list.rows[0]) {
    if (pressed) first?.querySelector(".entry, h2 a").focus();
    if (!isBelow) news()?.replaceChildren();
  } else {
    const top = list.read.getBoundingClientRect().top - list.place;
    scrollBy({ top, behavior: "instant" });
  }
  pressed = false;
});
addEventListener("hashchange", () => news()?.replaceChildren());

// The bookmarklet is there to be dragged; where it stands, our own policy would not let it run.
document.addEventListener("click", (event) => {
  if (!event.target.closest("#bookmarklet")) return;
  event.preventDefault();
  say("drag");
});

// The picture that is pressed in a list becomes the one on its page, and the other way round.
let moving;
const move = ({ viewTransition }, url) => {
  moving?.style.removeProperty("view-transition-name");
  const { pathname } = new URL(url ?? location);
  const link = `:is(.shot, .thumbnails a)[href="${pathname}"]`;
  const picture = viewTransition && document.querySelector(`${link} > img:not(.photo)`);
  const place = picture?.getBoundingClientRect();
  moving = place?.bottom > 0 && place.top < innerHeight ? picture : undefined;
  moving?.style.setProperty("view-transition-name", "shown-image");
};
addEventListener("pageswap", (event) => move(event, event.activation?.entry?.url));
addEventListener("pagereveal", (event) => move(event, window.navigation?.activation?.from?.url));

// The page that somebody signed out on is empty for who comes back to it.
let hasSignedOut = false;
document.addEventListener("submit", ({ target }) => {
  hasSignedOut ||= target.matches("[action$='/logout/']");
});
addEventListener("pagehide", () => {
  if (hasSignedOut) document.body.replaceChildren();
});

// Forms that led elsewhere are not at work any more when one comes back to them.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (hasSignedOut) location.reload();
  for (const { classList } of document.querySelectorAll(".htmx-request")) classList.remove("htmx-request");
});
