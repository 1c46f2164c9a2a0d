// The files that are to be saved, and what became of those that were sent. They belong to the element
// that lists them, which htmx preserves, and which a new page replaces.
const lists = new WeakMap();

export const place = () => document.getElementById("uploads");
export const files = () => lists.get(place()) ?? [];
export const unsaved = () => files().filter(({ state }) => state !== "saved");
// Sending a refused file again would not help.
const isRefused = ({ state }) => state === "refused";
export const unsent = () => unsaved().filter((entry) => !isRefused(entry));
export const fileInput = () => place()?.closest("form").elements.upload;

export const textOf = (key, values = {}) => {
  const text = place().dataset[key] ?? document.getElementById("alert").dataset[key];
  return text?.replace(/\{(\w+)\}/g, (_, name) => values[name]);
};
const status = () => place().querySelector("[role='status']");
export const say = (key, values) => {
  status().textContent = textOf(key, values) ?? "";
};
export const reveal = () => status().scrollIntoView({ block: "nearest" });

export const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const row = (entry) => {
  const item = element("li", `uploads__file uploads__file--${entry.state}`, "");
  item.append(element("bdi", "uploads__name", entry.file.name));
  if (entry.note) item.append(element("span", "uploads__note", entry.note));
  if (entry.state === "saved") return item;
  const button = element("button", "uploads__remove", "×");
  button.type = "button";
  button.setAttribute("aria-label", textOf("remove", { name: entry.file.name }));
  button.addEventListener("click", () => remove(entry));
  item.append(button);
  return item;
};

// The focus goes to the button of the next file.
const remove = (entry) => {
  const index = unsaved().indexOf(entry);
  show(files().filter((other) => other !== entry));
  sayReady();
  (place().querySelectorAll("li button")[index] ?? fileInput()).focus();
};

export const show = (entries = files()) => {
  lists.set(place(), entries);
  // Scripts can only replace the files of an input as a whole.
  const transfer = new DataTransfer();
  for (const { file } of unsent()) transfer.items.add(file);
  fileInput().files = transfer.files;
  // The input itself names a single file.
  const rows = entries.length > 1 ? entries.map(row) : [];
  place().querySelector("ul").replaceChildren(...rows);
  if (entries.length) place().closest("details").open = true;
};

const added = (chosen) => [...chosen].map((file) => ({ file, state: "waiting" }));
const sayReady = () => {
  const number = unsent().length;
  say(number && "ready", { number });
};
export const add = (chosen) => {
  show([...files(), ...added(chosen)]);
  sayReady();
  reveal();
};
const choose = (keeps = () => false) => {
  const kept = files().filter((entry) => entry.state === "saved" || keeps(entry));
  show([...kept, ...added(fileInput().files)]);
  say();
};

document.addEventListener("change", ({ target }) => {
  if (target === fileInput()) choose();
});
// After a question, the form itself lists the files.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.contains(fileInput())) choose(isRefused);
});
// Firefox keeps the chosen files when a page is reloaded.
addEventListener("pageshow", ({ persisted }) => persisted || choose());

const hint = place().querySelector("[data-hint]");
hint.textContent = hint.dataset.hint;
