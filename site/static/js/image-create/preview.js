// Show “Fetching…” while a preview loads. In the HTML, it would stay there without scripts.
const placeOf = (target) => target.closest("#address")?.querySelector("[data-waiting]");

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const place = placeOf(target);
  if (place) place.textContent = place.dataset.waiting;
});
document.addEventListener("htmx:afterRequest", ({ target }) => placeOf(target)?.replaceChildren());

// What its page says goes into fields that are empty or have what another page said, never over what
// was typed.
const fill = () => {
  for (const text of document.querySelectorAll("[data-fills]")) {
    const field = document.getElementById(text.dataset.fills);
    if (!field.value || field.value === field.dataset.filled) field.value = text.value;
    field.dataset.filled = text.value;
  }
};
fill();
document.addEventListener("htmx:afterSwap", fill);
