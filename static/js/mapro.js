// Small aids; every page works without them.

// Long lists that a narrow screen starts closed: <details open data-narrow="closed">.
if (matchMedia("(max-width:55rem)").matches) {
  document.querySelectorAll('details[data-narrow="closed"]').forEach((d) => d.removeAttribute("open"));
}

// Keep the current tab in view where the tab row scrolls sideways.
document.querySelectorAll(".effort-bar nav").forEach((nav) => {
  const here = nav.querySelector("[aria-current]");
  if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - 16;
});

// A refused form says why first.
document.querySelector("[data-focus]")?.focus();

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("data-editor")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
