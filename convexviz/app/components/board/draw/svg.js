// Pieces of SVG: elements and their attributes, outlines, paints.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

let count = 0;

// An id that no other element of the page has.
export const freshId = (kind) => `cvz-${kind}-${++count}`;

export function svgElement(tag, attributes, parent) {
  const element = document.createElementNS(SVG_NAMESPACE, tag);
  setAttributes(element, attributes);
  parent?.append(element);
  return element;
}

// Sets attributes that differ; null removes.
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
  return element;
}

// Makes `layer` hold exactly `n` children, made by `make`, and returns them.
export function childrenOf(layer, n, make) {
  while (layer.childElementCount > n) layer.lastElementChild.remove();
  while (layer.childElementCount < n) layer.append(make());
  return layer.children;
}

export const disc = (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
export const square = (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`;
export const diamond = (r) => `M0 ${-r}L${r} 0L0 ${r}L${-r} 0z`;
export const glyph = (label, r) => (label < 0 ? square(r * 0.9) : disc(r));
export const classOf = (label) => (label > 0 ? "is-pos" : label < 0 ? "is-neg" : "");

const DASHES = { solid: null, dash: "7 5", dot: "2 4", dashdot: "8 4 2 4" };
export const dashOf = (dash) => (dash in DASHES ? DASHES[dash] : (dash ?? null));

// A colour from Python is put into a style attribute: let nothing else through.
export const safeColour = (colour) => (/^[#\w(),.%\s-]+$/.test(colour ?? "") ? colour : "currentColor");
