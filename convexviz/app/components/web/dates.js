// Axes of dates: the numbers are days since 1 January 1970. `figures/dates.py` does the same for the figures.

/** @typedef {import("../contracts.js").Range} Range */

const DAY = 86400; // seconds
const FARTHEST = 1e8; // days that Date reaches in either direction
const MONDAY = 4; // days from 1 January 1970 to a Monday, at which weeks begin
const MONTH = 30.4 * DAY;
const YEAR = 365.2425 * DAY;

/** @type {{length: number, months: number}[]} */
const STEPS = [
  ...[1, 60, 3600, DAY].flatMap((unit, k) => [[1, 5, 15, 30], [1, 5, 15, 30], [1, 3, 6, 12], [1, 2, 7, 14]][k].map((n) => ({ length: n * unit, months: 0 }))),
  ...[1, 3, 6].map((n) => ({ length: n * MONTH, months: n })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000].map((n) => ({ length: n * YEAR, months: 12 * n })),
];

// A date as ISO 8601 writes it; with the time of day, where it has one and `step`, what is told apart, is less.
/** @type {(days: number, step?: number) => string} */
export function dayText(days, step = 1) {
  if (!(Math.abs(days) <= FARTHEST)) return String(Number(days.toPrecision(6)));
  const shown = new Date((step >= 1 ? Math.floor(days + 0.5) * DAY : Math.round(days * DAY)) * 1000).toISOString();
  const [date, time] = shown.split("T");
  const clock = time.slice(0, 8).replace(/:00$/, "");
  return step >= 1 || clock === "00:00" ? date : `${date} ${clock}`;
}

// Where round dates stand, about `roughCount` at most, and what stands there; null beyond what a calendar reaches.
/** @type {(limits: Range, roughCount: number) => {step: number, ticks: number[], texts: string[]} | null} */
export function dayTicks([lo, hi], roughCount) {
  if (!(Math.max(Math.abs(lo), Math.abs(hi)) <= FARTHEST)) return null;
  const least = ((hi - lo) * DAY) / Math.max(roughCount, 1);
  const chosen = STEPS.find(({ length }) => length >= least * (1 - 1e-9)) ?? STEPS[STEPS.length - 1];
  const ticks = chosen.months ? calendar(lo, hi, chosen.months) : evenly(lo, hi, chosen.length / DAY);
  const cut = chosen.months >= 12 ? -6 : chosen.months ? -3 : undefined;
  return { step: chosen.length / DAY, ticks, texts: ticks.map((t) => dayText(t, chosen.months ? 1 : chosen.length / DAY).slice(0, cut)) };
}

/** @type {(lo: number, hi: number, step: number) => number[]} */
function evenly(lo, hi, step) {
  const start = step >= 7 ? MONDAY : 0;
  const first = Math.ceil((lo - start) / step - 1e-9);
  const count = Math.floor((hi - start) / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => start + (first + k) * step);
}

// First days of every so many months, counted from the year 0.
/** @type {(lo: number, hi: number, months: number) => number[]} */
function calendar(lo, hi, months) {
  /** @param {number} day */
  const monthOf = (day) => {
    const date = new Date(Math.floor(day) * DAY * 1000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const [first, last] = [monthOf(lo), monthOf(hi)];
  const days = [];
  for (let m = Math.ceil(first / months) * months; m <= last; m += months) days.push(dayOf(m));
  return days.filter((day) => lo <= day && day <= hi);
}

// The first day of a month, counted from the year 0; Date.UTC would read a year below 100 as one of the last century.
/** @type {(month: number) => number} */
function dayOf(month) {
  const year = Math.floor(month / 12);
  return new Date(0).setUTCFullYear(year, month - 12 * year, 1) / (DAY * 1000);
}
