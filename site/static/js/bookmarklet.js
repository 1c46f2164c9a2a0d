// The bookmarklet is there to be dragged; on our own page, the content security policy blocks it.
import { say } from "./alert.js";

document.addEventListener("click", (event) => {
  if (!event.target.closest("#bookmarklet")) return;
  event.preventDefault();
  say("drag");
});
