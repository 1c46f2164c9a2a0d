// A ctrl-, cmd- or shift-click opens a link elsewhere; htmx must not take it for its own.
document.addEventListener(
  "click",
  (event) => {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (opensElsewhere && event.target.closest("a[hx-get]")) event.stopPropagation();
  },
  { capture: true },
);

// What htmx could not load is said in the page's alert; the next success clears it.
const say = (key) => {
  const alert = document.getElementById("alert");
  alert.textContent = key ? alert.dataset[key] : "";
};
const fail = (key) => (event) => {
  say(key);
  // Nothing is coming any more; what stood below the skeleton is a link to the same.
  event.target.classList.remove("loading");
};
document.addEventListener("htmx:responseError", fail("refused"));
document.addEventListener("htmx:sendError", fail("offline"));
document.addEventListener("htmx:afterSwap", () => say(""));

// The bookmarklet is there to be dragged; where it stands, our own policy would not let it run.
document.addEventListener("click", (event) => {
  if (!event.target.closest("#bookmarklet")) return;
  event.preventDefault();
  say("drag");
});
