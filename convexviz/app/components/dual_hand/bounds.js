// N_v over all kinks against its band, whether v proves anything, and the two bounds as bars that may join.

import { axisTicks, linearScale, numberText, svgPath } from "../web/line_math.js";
import { setText } from "../web/dom.js";
import { childrenOf, freshId, setAttributes, svgElement } from "../board/draw/svg.js";
import { BY_HAND, CLOSED, box, gain, gains, knotsOf, runaways } from "./dual_math.js";
import { holding, shown } from "./state.js";
import { num, percent, repr, scaled, subscript } from "./words.js";

const HEIGHT = 212; // px, at a root font of 16 px
const [TOP, RIGHT, BOTTOM, LEFT] = [10, 14, 24, 46];
const OFF = 2; // px beyond the band from which a line is drawn as outside
const ROOM = 1.75; // of the band to the picture, doubled until N_v fits
const SIDES = /** @type {const} */ ([1, -1]);
const MOST_DOUBLED = 3;

const MARKUP = `
  <div class="cvz-dual-head">
    <span class="cvz-dual-title">N<sub>v</sub>: what a ramp would gain, for every place of its kink</span>
    <span class="cvz-dual-key"><i class="is-right"></i>rises to the right, u = 1<i class="is-left"></i>to the left, u = −1</span>
  </div>
  <div class="cvz-dual-plot"></div>
  <div class="cvz-dual-verdict"><b data-testid="feasible"></b> <span class="cvz-dual-why"></span></div>
  <div class="cvz-dual-bounds">
    <div class="cvz-dual-low"><span>lower bound g(v)</span> <b data-testid="lower-bound"></b></div>
    <div class="cvz-dual-high"><span>best network so far</span> <b data-testid="upper-bound"></b></div>
    <div class="cvz-dual-bar" aria-hidden="true"><i class="is-low"></i><i class="is-high"></i><i class="is-own"></i></div>
    <div class="cvz-dual-gap" role="status" data-testid="hand-gap"></div>
  </div>`;

/** @param {HTMLElement} parent */
export function mountBounds(parent) {
  const root = document.createElement("section");
  root.className = "cvz-dual cvz-dual-picture";
  root.setAttribute("aria-label", "What v proves");
  root.innerHTML = MARKUP;
  parent.append(root);
  const view = { root, ...makePlot(root.querySelector(".cvz-dual-plot")) };
  const sizes = new ResizeObserver(() => draw(view));
  sizes.observe(root);
  return {
    draw: () => draw(view),
    leave: () => {
      sizes.disconnect();
      root.remove();
    },
  };
}

function makePlot(box) {
  const svg = svgElement("svg", { class: "cvz-dual-svg", role: "img" }, box);
  const [window, out] = [freshId("dual-window"), freshId("dual-out")];
  const defs = svgElement("defs", {}, svg);
  const clip = svgElement("rect", {}, svgElement("clipPath", { id: window }, defs));
  const outside = svgElement("path", {}, svgElement("clipPath", { id: out }, defs));
  const band = svgElement("rect", { class: "cvz-dual-band", "data-testid": "band" }, svg);
  const grid = svgElement("g", { class: "cvz-dual-grid" }, svg);
  const lines = SIDES.map((u) => svgElement("path", { class: `cvz-dual-line ${u > 0 ? "is-right" : "is-left"}`, "clip-path": `url(#${window})`, "data-testid": "gain" }, svg));
  const wrong = SIDES.map((u) => svgElement("path", { class: `cvz-dual-line is-out ${u > 0 ? "is-right" : "is-left"}`, "clip-path": `url(#${out})` }, svg));
  const marks = svgElement("g", { class: "cvz-dual-marks" }, svg);
  return { svg, clip, outside, band, grid, lines, wrong, marks };
}

function draw(view) {
  const now = shown();
  const width = view.root.clientWidth;
  if (!now || width < 120) return;
  drawPlot(view, now, width);
  drawVerdict(view, now);
  drawBounds(view, now);
}

// ---------------------------------------------------------------- the picture

function drawPlot(view, { data, v, proved }, width) {
  const full = scaled(HEIGHT);
  const [inner, height] = [width - LEFT - RIGHT, full - TOP - BOTTOM];
  const most = Math.max(...gains(data.x, v).map(({ value }) => Math.abs(value)));
  let room = ROOM * data.band;
  for (let k = 0; k < MOST_DOUBLED && room < most; k++) room *= 2;
  const x = linearScale(data.span, inner);
  const y = linearScale([-room, room], height, true);
  const at = (t, value) => [LEFT + x.to(t), TOP + y.to(value)];
  setAttributes(view.svg, { width, height: full, viewBox: `0 0 ${width} ${full}`, "aria-label": `N_v over the kinks. ${reasons(data, v, proved)}` });
  setAttributes(view.clip, { x: LEFT, y: TOP, width: inner, height });
  const [high, low] = [at(0, data.band)[1], at(0, -data.band)[1]];
  setAttributes(view.outside, { d: `M${LEFT} ${TOP}h${inner}V${high - OFF}h${-inner}zM${LEFT} ${low + OFF}h${inner}V${TOP + height}h${-inner}z` });
  setAttributes(view.band, { x: LEFT, y: high, width: inner, height: low - high });
  drawAxes(view, data, { at, inner, height });
  const ends = [data.span[0], ...knotsOf(data.x), data.span[1]];
  SIDES.forEach((u, k) => {
    const line = ends.map((t) => at(t, gain(data.x, v, u, t)));
    const d = svgPath(line, full);
    for (const path of [view.lines[k], view.wrong[k]]) setAttributes(path, { d });
  });
  drawMarks(view, data, v, at);
}

function drawAxes({ grid }, data, { at, inner, height }) {
  const { band } = data;
  const name = data.loss === "interpolate" ? "1" : "β";
  const levels = [[band, `+${name}`, "is-edge"], [0, "0", "is-zero"], [-band, `−${name}`, "is-edge"]];
  const floor = TOP + height;
  const { step, ticks } = axisTicks(data.span, Math.max(3, inner / 110));
  const texts = [
    ...levels.map(([value, text]) => [LEFT - 8, at(0, value)[1] + 4, text, "end"]),
    ...ticks.map((t) => [at(t, 0)[0], floor + 15, numberText(t, step), "middle"]),
    [LEFT + inner - 6, floor - 6, "kink t of the ramp", "end"],
  ];
  const paths = [
    ...levels.map(([value, , kind]) => [`M${LEFT} ${at(0, value)[1]}h${inner}`, kind]),
    ...knotsOf(data.x).map((t) => [`M${at(t, 0)[0]} ${TOP}v${height}`, "is-knot"]),
  ];
  const [first, second] = [0, 1].map((k) => grid.children[k] ?? svgElement("g", {}, grid));
  const drawnPaths = childrenOf(first, paths.length, () => svgElement("path", {}));
  paths.forEach(([d, kind], k) => setAttributes(drawnPaths[k], { d, class: kind }));
  const drawnTexts = childrenOf(second, texts.length, () => svgElement("text", {}));
  texts.forEach(([px, py, text, anchor], k) => {
    setAttributes(drawnTexts[k], { x: px, y: py, "text-anchor": anchor });
    setText(drawnTexts[k], text);
  });
}

// A triangle at each kink at the data points to the side where the ramp is active: filled where N_v touches the band, red
// where it leaves it.
function drawMarks({ marks }, data, v, at) {
  const all = gains(data.x, v);
  const nodes = childrenOf(marks, all.length, () => svgElement("path", { "data-testid": "vertex" }));
  all.forEach(({ u, t, value }, k) => {
    const ratio = Math.abs(value) / data.band;
    const kind = ratio > 1 + 1e-9 ? "is-out" : ratio > 1 - 1e-6 ? "is-touching" : "";
    const [px, py] = at(t, value);
    setAttributes(nodes[k], { d: `M${-5 * u} -6L${6 * u} 0L${-5 * u} 6z`, transform: `translate(${px + 4 * u} ${py})`, class: kind, "data-value": value, "data-side": u, "data-kink": t });
  });
}

// ---------------------------------------------------------------- the verdict

function drawVerdict({ root }, { data, v, proved }) {
  const word = root.querySelector('[data-testid="feasible"]');
  word.dataset.value = String(proved.feasible);
  setText(word, proved.feasible ? "✓ feasible" : "✗ infeasible");
  setText(root.querySelector(".cvz-dual-why"), reasons(data, v, proved));
  root.classList.toggle("is-bad", !proved.feasible);
}

function reasons(data, v, proved) {
  const band = data.loss === "interpolate" ? "1" : `β = ${num(data.band)}`;
  if (proved.feasible) return `No ramp gains more than ${band}, so g(v) bounds every network from below.`;
  if (!proved.balanced) return runaway(data, v, proved);
  if (proved.boxed.length) {
    const i = proved.boxed[0];
    const [low, high] = box(data.loss, data.y[i]);
    return `v${subscript(i + 1)} = ${num(v[i])} is outside its box from ${num(low)} to ${num(high)}: there g(v) = −∞.`;
  }
  const places = proved.outside.map(({ u, t }) => `${num(t)} ${u > 0 ? "▷" : "◁"}`);
  return `Nᵥ leaves the band for the ramp${places.length > 1 ? "s" : ""} with a kink at ${places.join(", ")}: the bound is void.`;
}

function runaway(data, v, proved) {
  const [[, left], [, right]] = runaways(data.x, v, data.band);
  return `Σv = ${num(proved.sum)}, not 0: ramps with their kink left of ${num(left)} or right of ${num(right)} leave the band, ever farther.`;
}

// ---------------------------------------------------------------- the bounds

function drawBounds({ root }, { data, own, upper, proved, gap }) {
  const part = (name) => root.querySelector(name);
  const share = (value) => `${Math.min(100, Math.max(0, (100 * value) / data.top))}%`;
  const [low, high] = [part('[data-testid="lower-bound"]'), part('[data-testid="upper-bound"]')];
  low.dataset.value = repr(proved.lower);
  high.dataset.value = repr(upper);
  setText(low, proved.feasible ? num(proved.g) : proved.boxed.length ? "void: −∞" : `void: ${num(proved.g)} proves nothing`);
  setText(high, Number.isFinite(upper) ? num(upper) : "none yet");
  part(".is-low").style.width = share(proved.boxed.length ? 0 : proved.g);
  part(".is-high").style.left = share(upper);
  part(".is-own").style.left = share(own ?? upper);
  part(".is-own").hidden = own === null || own <= upper;
  part(".is-own").title = "the network of this v";
  const bounds = part(".cvz-dual-bounds");
  bounds.classList.toggle("is-void", !proved.feasible);
  bounds.classList.toggle("is-met", gap <= BY_HAND);
  bounds.classList.toggle("is-held", holding() !== null);
  const node = part('[data-testid="hand-gap"]');
  node.dataset.value = repr(gap);
  setText(node, gapWords(proved, upper, gap));
}

function gapWords(proved, upper, gap) {
  if (!proved.balanced) return "No bound: bring the sum back to zero.";
  if (proved.boxed.length) return "No bound: bring the numbers back into their boxes.";
  if (!proved.feasible) return "No bound: bring Nᵥ back into the band.";
  if (!Number.isFinite(upper)) return "No network so far.";
  if (gap <= CLOSED) return "✓ They met: no network of any width is better by more than 0.0001 %. This v is the proof.";
  const apart = `${num(upper - proved.lower)} apart, ${percent(gap)}`;
  return gap <= BY_HAND ? `✓ Met within 1 %: ${apart}.` : `${apart}: the optimum lies in between.`;
}
