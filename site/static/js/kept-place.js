// Somebody who comes back to a list finds the row that they pressed, or the first in sight, at the
// same height, even if the browser has not kept the page. The address names the first in sight.
import { inSight } from "./in-sight.js";

let place = history.state;

const topOf = (row) => row.firstElementChild.getBoundingClientRect().top;
const keyOf = (row) => row.firstElementChild?.id.split("-")[1];
const rowsOf = () => {
  const list = document.querySelector(".pagination")?.previousElementSibling;
  return [...(list?.children ?? [])].filter(keyOf);
};

const restore = () => {
  const rows = rowsOf();
  if (!place || !rows.length) return;
  const { key, top } = place;
  // The next older row takes the place of one that is gone.
  const row = rows.find((row) => keyOf(row) === key) ?? rows.find((row) => keyOf(row) - key < 0) ?? rows[0];
  scrollBy({ top: topOf(row) - top, behavior: "instant" });
  // A list that is too short for this is about to load more rows.
  if (!Math.trunc(topOf(row) - top)) place = null;
};

const keep = ({ target }) => {
  const rows = rowsOf();
  const first = inSight(rows);
  if (!first) return;
  const row = rows.find((row) => row.contains(target)) ?? first;
  const url = new URL(location);
  url.searchParams.set("from", keyOf(first));
  let state = { key: keyOf(row), top: topOf(row) };
  if (first === rows[0] && !document.querySelector("[rel=prev]")) {
    // The top of the newest page shows what is new.
    url.searchParams.delete("from");
    state = { top: topOf(first) };
  }
  history.scrollRestoration = "manual";
  history.replaceState(state, "", url);
};

for (const event of ["click", "scrollend"]) document.addEventListener(event, keep, { capture: true });
document.addEventListener("htmx:afterSwap", restore);
restore();
