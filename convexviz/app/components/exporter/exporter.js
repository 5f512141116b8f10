// A picture drawn here, shown, and saved by a button: what the server would draw, where it has nothing to draw with.

import { loadPlotly } from "../chart/theme.js";
import { onceGone } from "../web/dom.js";

const PLACES = new WeakMap();

function makePlace(parentElement) {
  const root = document.createElement("div");
  root.className = "cvz-exporter";
  const picture = document.createElement("img");
  picture.alt = "";
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Download";
  button.dataset.testid = "export-here";
  root.append(picture, button, words);
  parentElement.append(root);
  return { root, picture, button, words, signature: "" };
}

// The address of the picture as a file; the newest message wins over those that are still being drawn.
async function draw(place, data) {
  place.button.disabled = true;
  try {
    const plotly = await loadPlotly(data.plotly_url);
    const { form, width, height, scale } = data;
    const url = await plotly.toImage(JSON.parse(data.figure), { format: form, width, height, scale });
    if (place.signature !== JSON.stringify(data)) return;
    place.picture.src = url;
    place.button.onclick = () => save(url, data.name);
    place.button.disabled = false;
    place.words.textContent = "";
  } catch (error) {
    place.words.textContent = `Your browser could not draw the picture (${error.message}). Reload the page and try again.`;
  }
}

function save(url, name) {
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {import("../contracts.js").Mounting<import("../contracts.js").ExporterMessage>} mounting */
export default function mountExporter({ data, parentElement }) {
  const place = PLACES.get(parentElement) ?? makePlace(parentElement);
  PLACES.set(parentElement, place);
  const signature = JSON.stringify(data);
  if (signature !== place.signature) {
    place.signature = signature;
    draw(place, data);
  }
  return onceGone(parentElement, () => {
    PLACES.get(parentElement)?.root.remove();
    PLACES.delete(parentElement);
  });
}
