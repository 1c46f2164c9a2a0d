// A list that did not load says so in its place, and its link asks to try again.
const listOf = (element) => element.closest("[data-failure]");
const labelOf = (list) => list.querySelector("a > span");

const fail = ({ target }) => {
  const list = listOf(target);
  if (!list || list.classList.contains("failed-list")) return;
  list.classList.add("failed-list");
  const text = document.createElement("p");
  text.className = "load-failure";
  text.setAttribute("role", "alert");
  text.textContent = list.dataset.failure;
  list.prepend(text);
  list.dataset.label = labelOf(list).textContent;
  labelOf(list).textContent = list.dataset.retry;
};
for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, fail);
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const list = listOf(target);
  if (!list?.classList.contains("failed-list")) return;
  list.classList.remove("failed-list");
  list.querySelector(".load-failure").remove();
  labelOf(list).textContent = list.dataset.label;
});
