// The page's alert says that a request failed; the next success clears it.
const alert = () => document.getElementById("alert");

export const say = (...keys) => {
  const { dataset } = alert();
  const key = keys.find((key) => key in dataset);
  alert().textContent = dataset[key] ?? "";
};

// A list says in its own place that it did not load, and new activity is asked for again anyway.
const isSilent = (element) => element.closest("[data-failure]") || element.id === "new-activity-poll";

document.addEventListener("htmx:responseError", ({ target, detail: { xhr } }) => {
  if (isSilent(target)) return;
  const isSoon = xhr.getResponseHeader("Retry-After") <= 60;
  say(isSoon ? `${xhr.status}Soon` : xhr.status, xhr.status, "refused");
});
for (const event of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, ({ target }) => isSilent(target) || say("offline"));
}
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && say());
document.addEventListener("change", () => say());
