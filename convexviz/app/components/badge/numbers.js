// Numbers for people, and how they travel.

/** @typedef {number | null | undefined} Value */

/** @type {Record<string, string>} */
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** @type {(value: number, digits: number) => string} */
function powerOfTen(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(exponent))].map((c) => SUPERSCRIPT[c]).join("");
  return `${Number(mantissa)}·10${raised}`.replace("-", "−");
}

/** @type {(value: Value) => string | null} */
function special(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return value === 0 ? "0" : null;
}

/** @type {(value: Value, write: (value: number) => string) => string} */
const written = (value, write) => special(value) ?? write(Number(value));

/** @type {(value: Value) => string} */
export const significant = (value) =>
  written(value, (v) => (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e7 ? powerOfTen(v, 6) : plain(v)));

/** @type {(value: number) => string} */
const plain = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

// Below the rounding of a double, objective and bound are the same number.
/** @type {(value: Value) => string} */
export const scientific = (value) =>
  written(value, (v) => (Math.abs(v) < 1e-16 ? "0" : powerOfTen(v, v < 1e-3 ? 1 : 2)));

/** @type {(seconds: Value) => string} */
export const duration = (seconds) =>
  written(seconds, (s) => (s < 1 ? `${Number((s * 1e3).toPrecision(2))} ms` : `${Number(s.toPrecision(3))} s`));

// Python sends what JSON has no number for as "inf", "-inf", "nan".
/** @type {(value: any) => any} */
export function toNumber(value) {
  /** @type {Record<string, number>} */
  const words = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return typeof value === "string" ? (words[value] ?? Number(value)) : value;
}
