// A ctrl-, cmd- or shift-click opens a link in another tab or window: htmx must not swallow it.
document.addEventListener(
  "click",
  (event) => {
    const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (opensElsewhere && event.target.closest("a[hx-get]")) event.stopPropagation();
  },
  { capture: true },
);
