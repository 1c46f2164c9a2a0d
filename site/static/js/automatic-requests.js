// Some requests that pages make by themselves are not needed: for new activity while nobody looks
// at the page, and for more rows while the focus is on the link that asks for the same.
document.addEventListener("htmx:beforeRequest", (event) => {
  const isUnseen = document.hidden && event.target.id === "new-activity-poll";
  if (isUnseen || event.target.matches(".pagination__ahead:has(~ :focus)")) event.preventDefault();
});
