// The board as an SVG file for a slide, with its legend: computed styles are written into the copy, so that it looks the
// same outside the page, and no text is smaller than 18 points where the picture is as wide as the slide.

import { htmlElement } from "./chrome.js";
import { svgElement } from "./draw/svg.js";

const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin", "stroke-linecap"];
const LOOK = [...PAINT, "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "visibility", "display", "paint-order"];

const SLIDE = 1280; // CSS pixels, 13.33 inches
const LEAST = 24; // of these: 18 points
const USUAL = 12; // px of a label on the page
const GAP = 1.2; // between entries of the legend, in sizes of its text

// Room around the board for labels that have grown, and the size of text, both in pixels of the page.
function measures(frame) {
  const { width, height, left, top } = frame.getBoundingClientRect();
  const size = Math.max(USUAL, (width + USUAL) / (SLIDE / LEAST - 4)); // 4 sizes of the text are margins
  const grown = size - USUAL;
  return { width, height, left, top, size, side: 0.5 * size + 2 * grown, foot: size + grown };
}

function picture(frame, legend) {
  const m = measures(frame);
  const total = m.width + 2 * m.side;
  const file = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg" });
  const style = getComputedStyle(frame);
  const ground = svgElement("rect", { x: -m.side, width: total, fill: style.getPropertyValue("--st-background-color") || "white" }, file);
  for (const svg of frame.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    place(file, svg, { x: box.left - m.left, y: box.top - m.top, width: box.width, height: box.height }, m.size);
  }
  const height = m.height + m.foot + addLegend(file, legend, m);
  ground.setAttribute("y", -m.size / 2);
  ground.setAttribute("height", height + m.size / 2);
  const whole = height + m.size / 2;
  const attributes = { viewBox: `${-m.side} ${-m.size / 2} ${total} ${whole}`, width: SLIDE, height: (SLIDE * whole) / total };
  for (const [name, value] of Object.entries(attributes)) file.setAttribute(name, value);
  return file;
}

function place(file, svg, box, size) {
  const copy = svg.cloneNode(true);
  for (const [name, value] of Object.entries(box)) copy.setAttribute(name, value);
  inlineStyles(svg, copy, size);
  copy.setAttribute("overflow", "visible"); // the labels of the axes stand outside
  file.append(copy);
}

function inlineStyles(from, to, size) {
  const style = getComputedStyle(from);
  const value = (name) => (name === "font-size" ? `${Math.max(size, parseFloat(style.fontSize))}px` : style.getPropertyValue(name));
  to.setAttribute("style", LOOK.map((name) => `${name}:${value(name)}`).join(";"));
  [...from.children].forEach((child, i) => inlineStyles(child, to.children[i], size));
}

// The legend below the board, in as many lines as it needs; its height.
function addLegend(file, legend, { width, height, foot, size }) {
  const style = getComputedStyle(legend);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${style.fontFamily}`;
  let [x, line] = [0, 0];
  for (const entry of legend.children) {
    const words = entry.textContent;
    const swatch = { width: 1.83 * size, height: size };
    const wide = swatch.width + 0.4 * size + 1.08 * pen.measureText(words).width; // the face differs a little elsewhere
    if (x > 0 && x + wide > width) [x, line] = [0, line + 1];
    const y = height + foot + 1.5 * size * line;
    place(file, entry.querySelector("svg"), { x, y, ...swatch }, size);
    const look = `fill:${style.color};font-family:${style.fontFamily.replaceAll('"', "'")};font-size:${size}px`;
    svgElement("text", { x: x + swatch.width + 0.4 * size, y: y + 0.85 * size, style: look }, file).textContent = words;
    x += wide + GAP * size;
  }
  return legend.children.length ? 1.5 * size * (line + 1) : 0;
}

export function savePicture(frame, legend) {
  const text = new XMLSerializer().serializeToString(picture(frame, legend));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = htmlElement("a", { href: url, download: "convexviz.svg" }, frame);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
