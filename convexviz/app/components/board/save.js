// The board as an SVG file that looks the same outside the page: computed styles are written into the copy.

import { htmlElement } from "./chrome.js";
import { svgElement } from "./draw/svg.js";

const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin", "stroke-linecap"];
const LOOK = [...PAINT, "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "visibility", "display", "paint-order"];

function picture(frame) {
  const { width, height, left, top } = frame.getBoundingClientRect();
  const file = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  const ground = getComputedStyle(frame).getPropertyValue("--st-background-color") || "white";
  svgElement("rect", { width, height, fill: ground }, file);
  for (const svg of frame.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    const copy = svg.cloneNode(true);
    for (const [name, value] of Object.entries({ x: box.left - left, y: box.top - top, width: box.width, height: box.height })) {
      copy.setAttribute(name, value);
    }
    inlineStyles(svg, copy);
    copy.setAttribute("overflow", "visible"); // the labels of the axes stand outside
    file.append(copy);
  }
  return file;
}

function inlineStyles(from, to) {
  const style = getComputedStyle(from);
  to.setAttribute("style", LOOK.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  [...from.children].forEach((child, i) => inlineStyles(child, to.children[i]));
}

export function savePicture(frame) {
  const text = new XMLSerializer().serializeToString(picture(frame));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = htmlElement("a", { href: url, download: "convexviz.svg" }, frame);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
