// Some requests that pages make by themselves are not needed: for new activity while nobody looks
// at the page, and for more rows while the focus is on the link that asks for the same.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { id, classList, nextElementSibling: next } = event.target;
  const isUnseen = document.hidden && id === "new-activity-poll";
  const isFocused = classList.contains("pagination__ahead") && next === document.activeElement;
  if (isUnseen || isFocused) event.preventDefault();
});
