// Several files are sent one after another, so that a bad one does not stop the others.
import { element, fileInput, files, place, reveal, say, show, textOf, unsaved, unsent } from "./list.js";

const MOST_TRIES = 12;
const MOST_SECONDS = 60;
const TIMEOUT = 300_000;
// The form asks about this many pictures at a time.
const MOST_ASKED = 50;

const isAsked = ({ state }) => state === "asked";
const waiting = () => files().filter(({ state }) => state === "waiting");
const bar = () => place().querySelector("progress");
const advance = (fraction) => {
  bar().max = files().length;
  bar().value = files().length - waiting().length + fraction;
};

const post = (url, body) =>
  new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", url);
    xhr.timeout = TIMEOUT;
    xhr.setRequestHeader("HX-Request", "true");
    xhr.upload.addEventListener("progress", ({ loaded, total }) => advance(loaded / total));
    xhr.addEventListener("loadend", () => resolve(xhr));
    xhr.send(body);
  });

// Beyond the limit of a minute, or while Magpie is busy, this waits as long as Magpie asks for.
const send = async (url, body) => {
  const total = files().length;
  for (let tries = 1; ; tries += 1) {
    advance(0);
    say("sending", { number: total - waiting().length + 1, total });
    const xhr = await post(url, body);
    const seconds = Number(xhr.getResponseHeader("Retry-After"));
    const isEarly = xhr.status === 429 || xhr.getResponseHeader("Magpie-Busy");
    if (!isEarly || seconds > MOST_SECONDS || tries === MOST_TRIES) return xhr;
    say(xhr.status === 429 ? "paused" : "busy");
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  }
};

const saved = () => ({ state: "saved", note: textOf("saved") });
// What became of a file, or nothing if the answer is about more than that file.
const outcome = ({ status, response }) => {
  if (status === 204) return saved();
  if (status === 200 || status === 422) {
    const page = new DOMParser().parseFromString(response, "text/html");
    const kept = page.querySelector("#preview [name='kept']");
    if (page.getElementById("questions")) return { state: "asked", note: textOf("asked"), kept };
    const reason = page.getElementById("id_upload_error");
    return reason && { state: "refused", note: reason.textContent.trim() };
  }
  const cause = status >= 400 && status < 500 ? "refused" : "failed";
  return { state: cause, note: textOf(status) ?? textOf(cause) };
};

const ask = (event) => event.preventDefault();
const setSending = (form, isSending) => {
  form.classList.toggle("htmx-request", isSending);
  fileInput().disabled = isSending;
  bar().hidden = !isSending;
  // A page that always listens for this is not kept for going back.
  (isSending ? addEventListener : removeEventListener)("beforeunload", ask);
};

// Show what concerns all files: errors in other fields, or the login page after the session has ended.
const interrupt = (xhr, form) => {
  say();
  if (xhr.status === 422) htmx.swap(form, xhr.response, { swapStyle: "outerHTML" });
  else htmx.swap(document.body, xhr.response, { swapStyle: "innerHTML" });
};

const end = (form) => {
  const number = files().length - unsaved().length;
  say("ended", { number, total: files().length });
  const link = element("a", "", textOf("show"));
  link.href = place().dataset.link;
  place().querySelector(".uploads__link").replaceChildren(...(number ? [link] : []));
  reveal();
  // Files about which Magpie has a question are left to the form, which can ask it.
  const asked = unsent();
  if (!asked.length || !asked.every(isAsked)) return;
  if (asked.length <= MOST_ASKED) {
    // Magpie has kept their pictures.
    const kept = asked.map((entry) => Object.assign(entry.kept, { hidden: true }));
    document.getElementById("preview").replaceChildren(...kept);
    show(files().filter((entry) => !isAsked(entry)));
  }
  form.requestSubmit();
};

const saveAll = async (form) => {
  const body = new FormData(form);
  for (const entry of unsent()) if (!isAsked(entry)) Object.assign(entry, { state: "waiting", note: "" });
  show();
  setSending(form, true);
  reveal();
  while (waiting().length) {
    const [entry] = waiting();
    body.set("upload", entry.file);
    // The last one says how many are saved, if all are.
    body.set("several", unsaved().length === 1 ? files().length : 0);
    const xhr = await send(form.action, body);
    const next = xhr.getResponseHeader("HX-Redirect");
    const became = next ? saved() : outcome(xhr);
    if (!became) {
      setSending(form, false);
      return interrupt(xhr, form);
    }
    Object.assign(entry, became);
    show();
    if (next) {
      // People may come back to this page.
      setSending(form, false);
      say("saved");
      return location.assign(next);
    }
  }
  setSending(form, false);
  end(form);
};

// Pictures that the form lists itself are sent once, so it sends other files with them.
const isForFiles = (form) => form.contains(place()) && !form.querySelector("[name='kept']");
const hasSeveral = (form) => isForFiles(form) && files().length > 1 && unsent().length;
// Only refused files are left, and no address to save from.
const isOver = (form) =>
  isForFiles(form) && unsaved().length && !unsent().length && !form.elements.url.value;

// In this phase, htmx does not see the event. If it did not load, the form is sent without scripts.
document.addEventListener(
  "submit",
  (event) => {
    const { target: form } = event;
    if (!window.htmx || !(isOver(form) || (hasSeveral(form) && !unsent().every(isAsked)))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!form.classList.contains("htmx-request")) saveAll(form);
  },
  { capture: true },
);

// Their titles, too, are made of their names.
document.addEventListener("htmx:configRequest", ({ target, detail: { parameters } }) => {
  if (hasSeveral(target)) parameters.several = files().length;
});
