// Browsers keep pages as they were left, for somebody who goes back to them.

// After signing out, the kept page is emptied: others may use the same browser.
let hasSignedOut = false;
document.addEventListener("submit", ({ target }) => {
  hasSignedOut ||= target.matches("[action$='/logout/']");
});
addEventListener("pagehide", () => {
  if (hasSignedOut) document.body.replaceChildren();
});

// A form that led elsewhere is no longer at work.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (hasSignedOut) location.reload();
  for (const { classList } of document.querySelectorAll(".htmx-request")) classList.remove("htmx-request");
});
