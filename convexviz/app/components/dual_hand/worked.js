// The sums as one does them on paper, for the v in the hand.

import { gains, verdict } from "./dual_math.js";
import { shown } from "./state.js";
import { bracketed, num, percent, subscript } from "./words.js";

/** @param {HTMLElement} parent */
export function mountWorked(parent) {
  const root = document.createElement("section");
  root.className = "cvz-dual cvz-dual-worked";
  root.dataset.testid = "worked";
  root.setAttribute("aria-label", "Every number by hand");
  parent.append(root);
  return { draw: () => draw(root), leave: () => root.remove() };
}

function draw(root) {
  const now = shown();
  if (!now) return;
  const html = `<h3>Every number by hand</h3><div class="cvz-dual-sheets">${[points(now), band(now), lower(now), upper(now)].join("")}</div>`;
  if (root.innerHTML !== html) root.innerHTML = html;
}

const sheet = (title, body) => `<div class="cvz-dual-sheet"><h4>${title}</h4>${body}</div>`;
const row = (cells, tag = "td") => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
const plus = (terms) => terms.join(" + ") || "0";
const tick = (holds) => (holds ? '<b class="is-good">✓</b>' : '<b class="is-bad">✗</b>');
const line = (text) => `<p>${text}</p>`;
const result = (name, value, digits = num(value)) => `<output data-name="${name}" data-value="${value}">${digits}</output>`;

function points({ data, v }) {
  const heads = ["", "x", data.loss === "hinge" ? "class y" : "y", "v"];
  const rows = v.map((vi, i) => row([i + 1, num(data.x[i]), num(data.y[i]), num(vi)]));
  const { sum, balanced } = verdict(data, v);
  const total = line(`Σv = ${v.map((vi, k) => (k ? bracketed(vi) : num(vi))).join(" + ")} = ${result("sum", sum)} ${tick(balanced)}`);
  return sheet("1 · The numbers", `<table>${row(heads, "th")}${rows.join("")}</table>${total}`);
}

// Only points on the side to which a ramp rises count, each with its distance from the kink.
function gainTerms({ x }, v, { u, t }) {
  return x.flatMap((xi, i) => (u * (xi - t) > 0 ? [`${bracketed(v[i])}·${num(Math.abs(xi - t))}`] : []));
}

function band({ data, v }) {
  const rows = gains(data.x, v).map((gain) => {
    const holds = Math.abs(gain.value) <= data.band * (1 + 1e-9);
    const name = `${gain.u > 0 ? "▷" : "◁"} kink ${num(gain.t)}`;
    return row([name, `${plus(gainTerms(data, v, gain))} = ${result(`N${gain.u}@${gain.t}`, gain.value)}`, tick(holds)]);
  });
  const words = `v times the distance from the kink, over the points on the side where the ramp rises. Inside the band: at most ${num(data.band)} in size. Between kinks N<sub>v</sub> is straight and, if Σv = 0, beyond the points it is level: nothing larger hides elsewhere.`;
  return sheet("2 · N<sub>v</sub> at each kink", `<table class="is-wide">${rows.join("")}</table>${line(words)}`);
}

function lower({ data, v, proved }) {
  const { y, loss } = data;
  const products = plus(v.map((vi, i) => `${bracketed(y[i])}·${bracketed(vi)}`));
  const pull = v.reduce((all, vi, i) => all + vi * y[i], 0);
  const square = v.reduce((all, vi) => all + vi * vi, 0);
  const lines = [line(`y·v = ${products} = ${result("yv", pull)}`)];
  if (loss === "squared") {
    lines.push(line(`‖v‖² = ${plus(v.map((vi) => `${bracketed(vi)}²`))} = ${result("vv", square)}`));
    lines.push(line(`g(v) = y·v − ½‖v‖² = ${num(pull)} − ${num(square / 2)} = ${result("g", proved.g)}`));
  } else lines.push(line(`g(v) = ${loss === "hinge" ? "Σ α, with α = y v, = " : ""}y·v = ${result("g", proved.g)}`));
  if (loss === "hinge") {
    const alphas = v.map((vi, i) => `α${subscript(i + 1)} = ${num(vi * y[i])} ${tick(!proved.boxed.includes(i))}`);
    lines.push(line(`Box, each α between 0 and 1: ${alphas.join(", ")}`));
  }
  lines.push(line(proved.feasible ? `All marks are ✓, so <b>every network costs at least ${num(proved.g)}</b>.` : "A mark is ✗: g(v) is only a number, and <b>bounds nothing</b>."));
  return sheet("3 · What v proves", lines.join(""));
}

function upper(now) {
  const { settled, upper: best, gap, proved } = now;
  const lines = now.spline ? splineLines(now, now.spline) : settled ? hingeLines(now) : [line("The network follows as soon as the hand rests.")];
  lines.push(line(`Best so far: ${result("best", best)}${proved.feasible && Number.isFinite(best) ? `, gap (${num(best)} − ${bracketed(proved.lower)}) / ${num(best)} = ${percent(gap)}` : ""}`));
  return sheet("4 · What its network costs", lines.join(""));
}

function splineLines({ data, v }, { knots, F, slopes, bends, tv, ends, penalty, loss, objective }) {
  const squared = data.loss === "squared";
  const steps = slopes.map((s, k) => `(${num(F[k + 1])} − ${bracketed(F[k])})/${num(knots[k + 1] - knots[k])} = ${num(s)}`);
  const turns = bends.map((bend, k) => `|${num(slopes[k + 1])} − ${bracketed(slopes[k])}|`);
  const halves = v.map((vi) => `${bracketed(vi)}²`);
  const clash = knots.length < data.x.length;
  return [
    line(`${squared ? "f = y − v" : "f = y"}${clash ? ", the mean where points share x" : ""}: outputs ${F.map(num).join(", ")}`),
    line(`slopes ${steps.join(", ") || "none"}`),
    line(`bends TV = ${plus(turns)} = ${result("tv", tv)}; end slopes together |${num(slopes[0] ?? 0)} + ${bracketed(slopes[slopes.length - 1] ?? 0)}| = ${num(ends)}`),
    line(`Σ|w| = max(TV, ½(TV + ${num(ends)})) = ${result("penalty", penalty)}`),
    squared && !clash
      ? line(`objective = ½(${plus(halves)}) + ${num(data.band)}·${num(penalty)} = ${num(loss)} + ${num(data.band * penalty)} = ${result("objective", objective)}`)
      : line(`objective = ${num(loss)} + ${num(data.band)}·${num(penalty)} = ${result("objective", objective)}`),
  ];
}

function hingeLines({ data }) {
  const { f, penalty, loss, objective } = data.own;
  const misses = f.map((value, i) => `max(0, 1 − ${bracketed(data.y[i])}·${bracketed(value)})`);
  return [
    line(`A constant and the ramps that touch the band, with the best weights: outputs ${f.map(num).join(", ")}`),
    line(`hinge loss ${plus(misses)} = ${result("loss", loss ?? Infinity)}`),
    line(`Σ|w| = ${result("penalty", penalty)}; objective = ${num(loss ?? Infinity)} + ${num(data.band)}·${num(penalty)} = ${result("objective", objective ?? Infinity)}`),
  ];
}
