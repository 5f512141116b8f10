// Numbers for people, and how they travel.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function powerOfTen(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(exponent))].map((c) => SUPERSCRIPT[c]).join("");
  return `${Number(mantissa)}·10${raised}`.replace("-", "−");
}

function special(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return value === 0 ? "0" : null;
}

export function significant(value) {
  const size = Math.abs(value);
  return special(value) ?? (size < 1e-4 || size >= 1e7 ? powerOfTen(value, 6) : plain(value));
}

const plain = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

// Below the rounding of a double, objective and bound are the same number.
export function scientific(value) {
  return special(value) ?? (Math.abs(value) < 1e-16 ? "0" : powerOfTen(value, value < 1e-3 ? 1 : 2));
}

export function duration(seconds) {
  if (special(seconds) !== null) return special(seconds);
  return seconds < 1 ? `${Number((seconds * 1e3).toPrecision(2))} ms` : `${Number(seconds.toPrecision(3))} s`;
}

// Python sends what JSON has no number for as "inf", "-inf", "nan".
export function toNumber(value) {
  const words = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return typeof value === "string" ? (words[value] ?? Number(value)) : value;
}
