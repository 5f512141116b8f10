// The legend of the plane names only what is shown.

// Points that count in a network's dual, if it tells.
function cvzSupportOf(net) {
  if (!net?.dual) return [];
  const v = Array.from(cvzDecode(net.dual.v), Math.abs);
  const least = 1e-6 * Math.max(...v, 0);
  return v.flatMap((size, i) => (size > least ? [i] : []));
}

// What is shown in the plane, by name, for the legend.
function cvzPlaneLegend({ answer, net, support, z }) {
  const items = [];
  const line = (label, color, width, dash) => items.push({ label, color, width, dash });
  if (net) {
    if (!z && (answer.regions || answer.margins)) line("boundary f = 0", "var(--cvz-ink)", 2.2);
    if (!z && answer.margins) line("margins f = ±1", "var(--cvz-quiet)", 1.2, "4 3");
    if (z && answer.margins !== false) line("level lines", "var(--cvz-quiet)", 1);
    if (answer.lines && net.w?.length !== 0) items.push(...cvzBreakLegend(net));
  }
  if (support) items.push({ label: "support vector", mark: "support" });
  if (answer.ghost?.network) line(answer.ghost.label ?? "pinned", "var(--cvz-quiet)", 1.6, "2 4");
  return [...items, ...(answer.fields ?? []).map(({ label, color, dash, width }) => ({ label, color, dash, width: width ?? 2 }))];
}

function cvzBreakLegend(net) {
  const signs = Array.from(cvzPlane(net).w, Math.sign);
  const rise = { label: "break line → active side", mark: "break" };
  const fall = { label: signs.includes(1) ? "the same, w < 0" : "break line → active side, w < 0", mark: "break-down" };
  return [...(signs.includes(1) ? [rise] : []), ...(signs.includes(-1) ? [fall] : [])];
}

const CVZ_SWATCHES = {
  support: `<path class="cvz-support" d="M7 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0zM5 6a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"/>`,
  break: `<g class="cvz-break"><path class="cvz-break-stroke" stroke-width="2.5" d="M0 9H22"/><path class="cvz-break-arrow" d="M7 9L11 1L15 9z"/></g>`,
  "break-down": `<g class="cvz-break"><path class="cvz-break-stroke" stroke-width="2.5" stroke-dasharray="5 3" d="M0 9H22"/><path class="cvz-break-arrow" d="M7 9L11 1L15 9z"/></g>`,
};
