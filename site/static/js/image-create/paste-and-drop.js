// Files are dropped anywhere on the page, or pasted. An address that is dropped goes into its field.
import { add, place } from "./list.js";

const isTextField = (target) => target.closest?.("textarea, input:not([type='file'])");
const isBusy = () => place().closest(".htmx-request");
const isOver = (is) => document.documentElement.classList.toggle("drop-target", is);

// Links and images of the page itself are not for saving.
let isOwn = false;
addEventListener("dragstart", () => (isOwn = true));
addEventListener("dragend", () => (isOwn = false));

const takes = ({ dataTransfer: { types }, target }) =>
  !isOwn &&
  place() &&
  (types.includes("Files") || (types.includes("text/uri-list") && !isTextField(target)));

document.addEventListener("dragover", (event) => {
  if (!takes(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = isBusy() ? "none" : "copy";
  isOver(!isBusy());
});
document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || isOver(false));

document.addEventListener("drop", (event) => {
  isOver(false);
  if (!takes(event)) return;
  event.preventDefault();
  const { dataTransfer } = event;
  const lines = dataTransfer.getData("text/uri-list").split(/\r?\n/);
  const address = lines.find((line) => /^https?:/i.test(line));
  if (address) fill(address);
  else if (dataTransfer.files.length) add(dataTransfer.files);
});

const fill = (address) => {
  const { url } = place().closest("form").elements;
  url.value = address;
  url.dispatchEvent(new Event("input", { bubbles: true }));
  url.focus();
};

// Office programs copy text along with a picture of it.
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  const isText = isTextField(event.target) && types.includes("text/plain");
  if (!place() || !files.length || isText || isBusy()) return;
  event.preventDefault();
  add(files);
});
