// A picture wider than the screen starts where there is most to see: a map in its middle, a chart
// at its newest end. Every page works without this.
document.querySelectorAll("[data-start]").forEach((frame) => {
  const room = frame.scrollWidth - frame.clientWidth;
  frame.scrollLeft = frame.dataset.start === "end" ? room : room / 2;
});
