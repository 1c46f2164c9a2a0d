// A list that did not load says so in its place, and its link asks to try again.
const listOf = (element) => element.closest("[data-failure]");

const fail = ({ target }) => {
  const list = listOf(target);
  if (!list || list.classList.contains("failed-list")) return;
  list.classList.add("failed-list");
  const text = `<p class="load-failure" role="alert">${list.dataset.failure}</p>`;
  list.insertAdjacentHTML("afterbegin", text);
  list.querySelector("a > span").textContent = list.dataset.retry;
};
for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, fail);
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const list = listOf(target);
  list?.classList.remove("failed-list");
  list?.querySelector(".load-failure")?.remove();
});
