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
document.addEventListener("htmx:responseError", () => say("refused"));
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:afterSwap", () => say(""));
