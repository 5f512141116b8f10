// Numbers and names as they stand on paper.

const DIGITS = "₀₁₂₃₄₅₆₇₈₉";
const PLACES = 4;

// At most four decimals, and no zeros at the end.
/** @type {(value: number) => string} */
export function num(value) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const small = value !== 0 && Math.abs(value) < 0.5 * 10 ** -PLACES;
  return String(small ? Number(value.toPrecision(2)) : Number(value.toFixed(PLACES)) + 0).replace("-", "−");
}

// The same, in brackets where a sign would meet another sign.
/** @type {(value: number) => string} */
export const bracketed = (value) => (value < 0 ? `(${num(value)})` : num(value));

/** @type {(k: number) => string} */
export const subscript = (k) => [...String(k)].map((digit) => DIGITS[Number(digit)]).join("");

/** @type {(value: number) => string} */
export const percent = (value) => `${Number((100 * value).toPrecision(value < 0.1 ? 2 : 3))} %`;

// The spelling that Python's float() reads back.
/** @type {(value: number) => string} */
export const repr = (value) => String(value).replace("Infinity", "inf").replace("NaN", "nan");

// Pixels at a root font of 16 px, as they are at the page's own.
/** @type {(pixels: number) => number} */
export const scaled = (pixels) => Math.round((pixels * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16);
