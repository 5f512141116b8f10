// What all figures have in common: plotly.js itself, the inks of the page's theme, the toolbar, images for slides.

import { appRoot } from "../web/load.js";

const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#BD8300", "#3A96CC"]; // as in figures/theme.py
const SLIDE = { width: 960, height: 540, fonts: 1.5 }; // drawn twice as large in pixels; 12 px become 18 pt of a slide
const CLEAR = "rgba(0,0,0,0)";

// ---------------------------------------------------------------- plotly.js, once per page

export function loadPlotly(url) {
  globalThis.__convexvizPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, appRoot).href;
    script.onload = () => (globalThis.Plotly ? resolve(globalThis.Plotly) : reject(new Error(script.src)));
    script.onerror = () => reject(new Error(script.src));
    document.head.append(script);
  }).catch((error) => {
    globalThis.__convexvizPlotly = undefined; // so that a second attempt is possible
    throw error;
  });
  return globalThis.__convexvizPlotly;
}

// ---------------------------------------------------------------- theme

export function readInk(element) {
  const style = getComputedStyle(element);
  const css = (name) => style.getPropertyValue(name).trim();
  const ink = {
    css,
    text: css("--st-text-color") || "#222",
    page: css("--st-background-color") || "#fff",
    panel: css("--st-secondary-background-color") || "#eee",
    faint: css("--st-gray-color") || "#888",
    border: css("--st-border-color") || "rgba(128,128,128,0.3)",
    grid: css("--st-border-color-light") || "rgba(128,128,128,0.15)",
    font: css("--st-font") || "sans-serif",
  };
  ink.signature = [ink.text, ink.page, ink.panel, ink.border, ink.grid, ink.font].join("|");
  return ink;
}

function template(ink, hasLegend, scale = 1) {
  const axis = {
    gridcolor: ink.grid, zerolinecolor: ink.border, linecolor: ink.border, tickcolor: CLEAR,
    zerolinewidth: 1, automargin: true, title: { standoff: 8 },
    ticks: "outside", ticklen: 4, // room between the labels of two axes that meet
  };
  const wall = { ...axis, backgroundcolor: CLEAR, showbackground: false };
  return {
    layout: {
      colorway: COLOURS,
      title: { x: 0, xanchor: "left", xref: "paper", y: 0.98, yanchor: "top", font: { size: 15 * scale, weight: 600 } },
      xaxis: axis,
      yaxis: axis,
      scene: { xaxis: wall, yaxis: wall, zaxis: wall, camera: { eye: { x: 1.5, y: 1.5, z: 1 } } },
      hoverlabel: { bgcolor: ink.panel, bordercolor: ink.border, font: { color: ink.text, family: ink.font, size: 13 } },
      hovermode: "closest",
      legend: { bgcolor: CLEAR, orientation: "h", x: 0, y: 1, yanchor: "bottom", font: { size: 12 * scale } },
      modebar: { bgcolor: CLEAR, color: ink.faint, activecolor: ink.text, orientation: "h" },
      margin: { l: 48 * scale, r: 12 * scale, t: (hasLegend ? 56 : 36) * scale, b: 40 * scale },
      // A finger on a figure scrolls the page; a mouse draws a zoom box.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    },
  };
}

// Ink and background belong to the theme, whatever the figure says; all else is the figure's own.
export function themed({ data, layout }, ink, name, scale = 1) {
  const { paper_bgcolor, plot_bgcolor, template: _, height, width, ...own } = structuredClone(layout);
  return {
    uirevision: name,
    ...own,
    font: { ...own.font, size: (own.font?.size ?? 13) * scale, color: ink.text, family: ink.font },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    autosize: true,
    template: template(ink, showsLegend(data, layout), scale),
  };
}

const SIZED = { margin: ["l", "r", "t", "b"] };

// The layout for text that is `k` times as large: fonts and the room around the plot, wherever they are given.
export function grown(layout, k) {
  const walk = (value, key) => {
    if (key === "text" && typeof value === "string") return value.replace(/font-size: ?(\d+)px/g, (_, px) => `font-size:${px * k}px`);
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    const sized = /font$/i.test(key) ? ["size"] : (SIZED[key] ?? []);
    const entry = ([name, own]) => [name, sized.includes(name) ? own * k : walk(own, name)];
    return Object.fromEntries(Object.entries(value).map(entry));
  };
  return k === 1 ? layout : walk(layout, "");
}

// Decided by all traces, hidden ones too, so that the plot keeps its place when one of them comes and goes.
const showsLegend = (data, { showlegend }) =>
  showlegend ?? data.filter((trace) => (trace.showlegend ?? !trace.meta?.partial)).length > 1;

// ---------------------------------------------------------------- download and toolbar

function download(node, format) {
  const ink = readInk(node);
  const { width, height } = SLIDE;
  const layout = { ...grown(themed(node, ink, ""), SLIDE.fonts), paper_bgcolor: ink.page, autosize: false, width, height };
  const filename = `convexviz-${node.dataset.figure}`;
  const options = { format, filename, width, height, scale: format === "svg" ? 1 : 2 };
  globalThis.Plotly.downloadImage({ data: node.data, layout, config: { displayModeBar: false } }, options);
}

export function config(traces) {
  const { camera, disk } = globalThis.Plotly.Icons;
  const button = (format, title, icon) => ({ name: `cvz-${format}`, title, icon, click: (gd) => download(gd, format) });
  const images = [button("png", "Download image (PNG, 1920 × 1080)", camera), button("svg", "Download image (SVG)", disk)];
  const solid = traces.some(({ type }) => /3d$|^(surface|cone|isosurface|volume|streamtube)$/.test(type ?? ""));
  const modeBarButtons = [[...images, solid ? "resetCameraDefault3d" : "resetScale2d"]];
  return { modeBarButtons, displaylogo: false, displayModeBar: "hover", showTips: false, doubleClick: "reset" };
}
