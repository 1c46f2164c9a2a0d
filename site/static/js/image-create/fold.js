// A preview folds the field for files, and opens it if there is nothing to save. The field that has
// the focus stays where it is.
import { files, place } from "./list.js";

const top = () => document.activeElement.getBoundingClientRect().top;
let before;
document.addEventListener("htmx:beforeSwap", () => {
  before = { focused: document.activeElement, top: top() };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "preview") return;
  const fold = place().closest("details");
  const isFree = !files().length && !fold.contains(document.activeElement);
  if (isFree) fold.open = !target.querySelector("img, a");
  if (before.focused === document.activeElement) scrollBy({ top: top() - before.top, behavior: "instant" });
});
