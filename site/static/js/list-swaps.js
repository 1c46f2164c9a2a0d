// Rows get the focus if somebody pressed the link for them, or if that link had the focus. Other
// rows must not take it, so a press counts for one list, until its next request ends.
import { inSight } from "./in-sight.js";

const pressed = new Set();

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[hx-get]");
  if (link) pressed.add(link.getAttribute("hx-target"));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => pressed.delete(`#${detail.target?.id}`));

const newActivity = () => document.getElementById("new-activity");
addEventListener("hashchange", () => newActivity()?.replaceChildren());

// The row that is being read stays where it is when others come in above it, and a link leads to
// them. If the top of the list is in sight, they are seen at once.
let before;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  before = undefined;
  if (!target.matches("ul")) return;
  if (document.querySelector(`#${target.id}-more :focus`)) pressed.add(`#${target.id}`);
  const rows = [...target.children];
  const read = inSight(rows);
  before = { target, rows, read, top: read?.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const isPressed = pressed.has(`#${target.id}`);
  if (target.id === "feed" && isPressed) target.querySelector("article")?.focus();
  if (target !== before?.target) return;
  document.querySelector(`#${target.id} + .empty-message`)?.remove();
  const first = [...target.children].find((row) => !before.rows.includes(row));
  const isBelow = before.rows.length && first !== target.firstElementChild;
  if (isBelow || before.read === before.rows[0]) {
    if (isPressed) first?.querySelector(".entry, h2 a").focus();
    if (!isBelow) newActivity()?.replaceChildren();
  } else {
    const top = before.read.getBoundingClientRect().top - before.top;
    scrollBy({ top, behavior: "instant" });
  }
});
