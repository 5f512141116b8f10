// The board as an SVG file that looks the same outside the page: computed styles are written into the copy.

const CVZ_PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin", "stroke-linecap"];
const CVZ_LOOK = [...CVZ_PAINT, "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "visibility", "display", "paint-order"];

function cvzPicture(frame) {
  const { width, height, left, top } = frame.getBoundingClientRect();
  const file = cvzElement("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  const ground = getComputedStyle(frame).getPropertyValue("--st-background-color") || "white";
  cvzElement("rect", { width, height, fill: ground }, file);
  for (const svg of frame.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    const copy = svg.cloneNode(true);
    for (const [name, value] of Object.entries({ x: box.left - left, y: box.top - top, width: box.width, height: box.height })) {
      copy.setAttribute(name, value);
    }
    cvzInline(svg, copy);
    copy.setAttribute("overflow", "visible"); // the labels of the axes stand outside
    file.append(copy);
  }
  return file;
}

function cvzInline(from, to) {
  const style = getComputedStyle(from);
  to.setAttribute("style", CVZ_LOOK.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  [...from.children].forEach((child, i) => cvzInline(child, to.children[i]));
}

function cvzSavePicture(frame) {
  const text = new XMLSerializer().serializeToString(cvzPicture(frame));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = cvzHtml("a", { href: url, download: "convexviz.svg" }, frame);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
