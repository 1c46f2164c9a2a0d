// A form that was refused because Magpie is busy is sent again when the answer says so, a few times.
(() => {
  const TRIES = 12;
  const tries = new WeakMap();
  const pauses = new WeakMap();
  document.addEventListener("htmx:responseError", ({ target, detail: { xhr, requestConfig } }) => {
    const seconds = Number(xhr.getResponseHeader("Retry-After"));
    const count = (tries.get(target) ?? 0) + 1;
    if (xhr.status !== 503 || !seconds || count > TRIES || !target.closest("form.form")) {
      tries.delete(target);
      return;
    }
    // Those who were refused together do not come back together.
    const pause = AbortSignal.timeout(1000 * seconds * (1 + Math.random()));
    pause.addEventListener("abort", () => {
      const { verb, path } = requestConfig;
      if (pauses.get(target) === pause && target.isConnected) htmx.ajax(verb, path, { source: target });
    });
    tries.set(target, count);
    pauses.set(target, pause);
    target.classList.add("htmx-request");
    const alert = document.getElementById("alert");
    alert.textContent = alert.dataset.busy;
  });
  document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
    if (detail.xhr.status !== 503) tries.delete(target);
  });
  // Somebody pressed again before it was sent again.
  document.addEventListener("htmx:beforeRequest", ({ target }) => pauses.delete(target));
})();
