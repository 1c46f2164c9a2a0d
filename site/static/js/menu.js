// The menu closes when somebody presses Escape, or presses or focuses something else.
const openMenu = () => document.querySelector(".menu[open]");

for (const event of ["pointerdown", "focusin"]) {
  document.addEventListener(event, ({ target }) => {
    const menu = openMenu();
    if (menu && !menu.contains(target)) menu.open = false;
  });
}
document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && openMenu();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
