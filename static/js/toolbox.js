// The drawer beside the grid: which row it belongs to, where it stands on a narrow screen, and the
// focus on the way there and back. Without this script the links lead to the tool's page.
const drawer = document.getElementById("drawer");
const narrow = matchMedia("(max-width:75rem)");
const home = drawer?.parentElement;
let chosen = document.querySelector(".tool-grid a[aria-current]");

function mark(link) {
  chosen?.removeAttribute("aria-current");
  chosen = link;
  chosen?.setAttribute("aria-current", "true");
  if (chosen && narrow.matches) chosen.closest("li").append(drawer);
  else home.append(drawer);
  const close = drawer.querySelector("[data-close]");
  if (close) close.hidden = !narrow.matches;
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== drawer) return;
  mark(event.detail.requestConfig?.elt?.closest("a") ?? chosen);
  drawer.querySelector("h2")?.focus();
});

drawer?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  const back = chosen;
  home.append(drawer);
  back?.focus();
});

if (drawer && chosen) mark(chosen);
narrow.addEventListener("change", () => drawer && chosen && mark(chosen)); // a tablet is turned

// How many tools are ticked; while some are, what can be done with them stays in sight.
const bar = document.querySelector(".tick-bar");
function count() {
  const ticked = document.querySelectorAll(".tick input:checked").length;
  bar.classList.toggle("some", ticked > 0);
  bar.querySelector("[data-ticked]").textContent =
    ticked ? `${ticked} tool${ticked === 1 ? "" : "s"} ticked` : bar.dataset.none;
}
document.addEventListener("change", (event) => {
  if (event.target.matches(".tick input")) count();
});
addEventListener("pageshow", count);
