// A form that Magpie is too busy for is sent again after the time it names, a few times.
import { say } from "./alert.js";

const MOST_TRIES = 12;
const tries = new WeakMap();
const pauses = new WeakMap();
const isBusy = (xhr) => xhr.getResponseHeader("Magpie-Busy");

document.addEventListener("htmx:responseError", ({ target, detail: { xhr, requestConfig } }) => {
  const count = (tries.get(target) ?? 0) + 1;
  if (!isBusy(xhr) || count > MOST_TRIES || !target.closest("form.form")) {
    tries.delete(target);
    return;
  }
  // Forms that were refused together are not sent again together.
  const seconds = xhr.getResponseHeader("Retry-After") * (1 + Math.random());
  const pause = AbortSignal.timeout(1000 * seconds);
  pause.addEventListener("abort", () => {
    const { verb, path } = requestConfig;
    if (pauses.get(target) === pause && target.isConnected) htmx.ajax(verb, path, { source: target });
  });
  tries.set(target, count);
  pauses.set(target, pause);
  target.classList.add("htmx-request");
  say("busy");
});
document.addEventListener("htmx:afterRequest", ({ detail: { xhr }, target }) => {
  if (!isBusy(xhr)) tries.delete(target);
});
// Somebody pressed the button before the form was sent again.
document.addEventListener("htmx:beforeRequest", ({ target }) => pauses.delete(target));
