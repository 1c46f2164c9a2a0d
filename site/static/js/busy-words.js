// While a preview is fetched, its place says so. Without scripts the text would always be there.
const placeOf = (target) => target.closest("#address")?.querySelector("[data-busy]");

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const place = placeOf(target);
  if (place) place.textContent = place.dataset.busy;
});
document.addEventListener("htmx:afterRequest", ({ target }) => placeOf(target)?.replaceChildren());
