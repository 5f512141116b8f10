// Starts the page: every module stands in the file as text, in the order of its imports. Each becomes an address of the
// browser's own, and its imports are written as those of the modules before it, so that nothing is fetched from anywhere.

const IMPORT = /^((?:import|export|\}) .*\bfrom )"(\.{1,2}\/[^"]+)";$/gm; // as in web/__init__.py
const STEM = "file:///";

const resolved = (name, path) => new URL(name, STEM + path).href.slice(STEM.length);
const addressOf = (parts) => URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));

/** @type {(node: HTMLElement, address: (file: string) => string) => string} */
function withImports({ dataset: { file }, textContent }, address) {
  const source = textContent.replace(IMPORT, (_, head, name) => `${head}"${address(resolved(name, file))}";`);
  return `${source}\n//# sourceURL=convexviz/${file}\n`;
}

/** @type {NodeListOf<HTMLElement>} */
const listed = document.querySelectorAll("script[data-file]");
const nodes = new Map(Array.from(listed, (node) => [node.dataset.file, node]));

// A worker of a page on disk may not load the addresses that this page has made. Its address is all that it says, and so
// are those of what it imports.
/** @type {(file: string) => string} */
const written = (file) => `data:text/javascript;charset=utf-8,${encodeURIComponent(withImports(nodes.get(file), written))}`;

// plotly.js is compressed: four megabytes of text are one and a half so.
async function plotly(node) {
  const text = atob(node.textContent);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const script = document.createElement("script");
  script.src = addressOf([await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).blob()]);
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error("plotly.js did not load"));
    document.head.append(script);
  });
  return globalThis.Plotly;
}

const files = (globalThis.__convexvizFiles = {});
for (const [file, node] of nodes) {
  files[file] = "worker" in node.dataset ? written(file) : addressOf([withImports(node, (name) => files[name])]);
}
const packed = document.getElementById("cvz-plotly");
if (packed) globalThis.__convexvizPlotly = plotly(packed);
import(files["take_home/page.js"]); // what fails is told by early.js
