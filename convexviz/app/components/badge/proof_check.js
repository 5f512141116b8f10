// Checks a proof that a two-layer ReLU network is globally optimal, in exact arithmetic, trusting nothing.
//
// The file holds data x_i, y_i with weights s_i, a network f(x) = c + sum_j w_j (u_j.(x - m) + b_j)_+ and one number
// v_i for each point (and output), every number exactly as a computer holds it, and claims two bounds on
//
//     P = min over networks of every width of   loss(f(X), y) + beta sum_j |w_j| ||u_j||
//
//   P <= upper: the network in the file costs no more than that.
//   P >= lower: let no neuron see more than M, |sum_i v_i (u.x_i + b)_+| <= M for all b and all u of length 1. For
//   sum v = 0 and t M <= beta, weak duality says P >= g(t v): no neuron pays for its weight there, so none can help.
//
// A file with a shape speaks of the networks on the line that have it between the first and the last point: a slope
// within bounds, that only rises (convex) or only falls (concave). Its multipliers, one for each gap between points and
// one for each point between two others, take part in the lower bound.
//
// Written from the mathematics, as a second opinion to verify.py. The browser runs it in a worker, node in the tests;
// it needs nothing but this file.

export class Unreadable extends Error {} // it is no proof: something is missing or misspelt
export class Refuted extends Error {} // it claims what its numbers do not prove

const LOSSES = ["squared", "interpolate", "hinge", "logistic", "hard_margin"]; // the last three are of labels
const FAMILY = ["curvature", "low", "high"]; // of any other loss, which is sup over low <= v <= high of r v - curvature v^2 / 2
const BITS = 256; // binary digits kept where a number must be rounded, which it is to the safe side
const ONE = 1n << BigInt(BITS); // 1 in fixed point, for exponentials and logarithms

// ---------------------------------------------------------------- exact numbers: n 2^e / d, n and d whole, d > 0

/** @typedef {{n: bigint, e: number, d: bigint}} Exact */

/** @type {(n: bigint, e?: number, d?: bigint) => Exact} */
const exact = (n, e = 0, d = 1n) => ({ n, e, d });
const [ZERO, UNIT, MOST_POWER] = [exact(0n), exact(1n), exact(10000n)];
const shift = (n, by) => n << BigInt(by);
const size = (n) => n.toString(16).length * 4; // binary digits, or a few more
const absolute = (n) => (n < 0n ? -n : n);

/** @type {(a: Exact, b: Exact) => Exact} */
function plus(a, b) {
  if (a.d !== b.d) return plus(exact(a.n * b.d, a.e, a.d * b.d), exact(b.n * a.d, b.e, a.d * b.d));
  const e = Math.min(a.e, b.e);
  return exact(shift(a.n, a.e - e) + shift(b.n, b.e - e), e, a.d);
}

/** @type {(a: Exact, b: Exact) => Exact} */
const minus = (a, b) => plus(a, exact(-b.n, b.e, b.d));
/** @type {(a: Exact, b: Exact) => Exact} */
const times = (a, b) => exact(a.n * b.n, a.e + b.e, a.d * b.d);
/** @type {(a: Exact, b: Exact) => Exact} */
const over = (a, b) => exact(b.n < 0n ? -a.n * b.d : a.n * b.d, a.e - b.e, a.d * absolute(b.n));
const abs = (a) => exact(absolute(a.n), a.e, a.d);
const half = (a) => exact(a.n, a.e - 1, a.d);
const less = (a, b) => minus(a, b).n < 0n;
const max = (a, b) => (less(a, b) ? b : a);
const min = (a, b) => (less(a, b) ? a : b);
const sum = (list) => list.reduce(plus, ZERO);
const dot = (a, b) => sum(a.map((p, k) => times(p, b[k])));

// a >= 0 as a whole number times a power of two, a little below or above.
function rounded(a, up) {
  const k = Math.max(0, BITS + size(a.d) - size(a.n));
  const top = shift(a.n, k);
  return exact(top / a.d + (up && top % a.d ? 1n : 0n), a.e - k);
}

// a = n / d with whole n and d.
const fraction = (a) => (a.e < 0 ? [a.n, shift(a.d, -a.e)] : [shift(a.n, a.e), a.d]);

// The square root of a >= 0 or a little more, by Newton's method from above.
export function rootUp(a) {
  const { n, e } = rounded(a, true);
  if (!n) return ZERO;
  let k = Math.max(0, BITS - size(n));
  if ((e - k) % 2) k += 1;
  const square = shift(n, k);
  let root = shift(1n, size(square) / 2 + 1);
  for (let next; (next = (root + square / root) >> 1n) < root; ) root = next;
  return exact(root * root < square ? root + 1n : root, (e - k) / 2);
}

// A little below e^x for 0 <= x <= MOST_POWER: the series for x / 2^20, squared 20 times; what is dropped is positive.
function powerBelow(x) {
  const [n, d] = fraction(x);
  const small = (n * ONE) / (d << 20n);
  let [all, term] = [0n, ONE];
  for (let k = 1n; term; k += 1n) [all, term] = [all + term, (term * small) / (k * ONE)];
  for (let k = 0; k < 20; k += 1) all = (all * all) >> BigInt(BITS);
  return all;
}

// Below and above log(1 + n / d), 0 <= n <= d, in fixed point: 2 (q + q^3/3 + q^5/5 + ...), q = n / (2 d + n) <= 1/3.
// Of its fewer than 100 terms each is too small by at most 3 units, and what is left out is less than 3.
function logBounds(n, d) {
  const q = (n * ONE) / (2n * d + n);
  const square = (q * q) >> BigInt(BITS);
  let all = 0n;
  for (let [power, k] = [q, 1n]; power; k += 2n) [all, power] = [all + power / k, (power * square) >> BigInt(BITS)];
  return [2n * all, 2n * all + 1024n];
}

// At or above log(1 + e^t) = max(t, 0) + log(1 + z), z = e^-|t|, and log(1 + z) <= z.
export function softplusUp(t) {
  const power = powerBelow(min(abs(t), MOST_POWER));
  const z = (ONE * ONE) / power + 1n;
  const log = z < ONE ? logBounds(z, ONE)[1] : logBounds(1n, 1n)[1];
  return plus(max(t, ZERO), exact(z < log ? z : log, -BITS));
}

// At or below -a log a, 0 < a <= 1: with a 2^k = 1 + r in [1, 2), log(1/a) = k log 2 - log(1 + r).
export function entropyBelow(a) {
  if (a.n === 0n) return ZERO;
  const [n, d] = fraction(a);
  let k = Math.max(0, d.toString(2).length - n.toString(2).length);
  if (shift(n, k) < d) k += 1;
  const log = BigInt(k) * logBounds(1n, 1n)[0] - logBounds(shift(n, k) - d, d)[1];
  return rounded(times(a, exact(log < 0n ? 0n : log, -BITS)), false);
}

// ---------------------------------------------------------------- reading

function need(holds, otherwise) {
  if (!holds) throw new Unreadable(otherwise);
}

const HEX = /^(-?)0x([01])\.([0-9a-f]{13})p([+-](?:0|[1-9]\d*))$/;

// A double as Python's float.hex() writes it, as the exact number it is.
function number(text) {
  if (text === "0x0.0p+0" || text === "-0x0.0p+0") return ZERO;
  const [, sign, lead, digits, power] = (typeof text === "string" && HEX.exec(text)) || [];
  const [n, e] = [digits && BigInt(`0x${lead}${digits}`), Number(power)];
  const normal = lead === "1" && e >= -1022 && e <= 1023 && power !== "-0";
  need(normal || (lead === "0" && e === -1022 && n), `${JSON.stringify(text)} is no finite number in hexadecimal`);
  return exact(sign ? -n : n, e - 52);
}

// Lists of numbers of the given lengths.
function numbers(texts, length, ...inner) {
  need(Array.isArray(texts) && texts.length === length, `a list of ${length} was expected`);
  return texts.map((text) => (inner.length ? numbers(text, ...inner) : number(text)));
}

function read(document) {
  need(document?.["convexviz-proof"] === 1, "it is no proof of version 1");
  const { loss, bias, X, y, network: net, flat, direction, claim } = document;
  const named = LOSSES.includes(loss);
  need(typeof loss === "string" && typeof bias === "boolean", "the loss has no name, or bias is neither true nor false");
  need(named ? !("family" in document) : document.family, "the loss is unknown and states no numbers, or states too many");
  need([X, X?.[0], y, net?.b].every(Array.isArray) && X[0].length, "a list is missing");
  need(flat === null || (Array.isArray(flat?.basis) && flat.basis.length), "the flat has no basis");
  const several = Array.isArray(y[0]);
  const [n, d, m, K] = [X.length, X[0].length, net.b.length, several ? y[0].length : 0];
  need(!several || (K && loss === "squared"), "several outputs need the squared loss");
  const rows = (texts, count) => (K ? numbers(texts, count, K) : numbers(texts, count).map((one) => [one]));
  const p = { loss, bias, d, beta: number(document.beta), labels: LOSSES.indexOf(loss) >= 2 };
  p.family = named ? null : FAMILY.map((name) => (document.family[name] === null ? null : number(document.family[name])));
  need(!p.family || sensible(...p.family), "the numbers of the loss must have curvature >= 0 and low <= 0 <= high");
  p.constrained = loss === "interpolate" || loss === "hard_margin"; // beta plays no part, and weights above 0 are alike
  Object.assign(p, { X: numbers(X, n, d), y: rows(y, n), v: rows(document.v, n), s: numbers(document.weight, n) });
  Object.assign(p, { U: numbers(net.U, m, d), b: numbers(net.b, m), w: rows(net.w, m), m: numbers(net.center, d) });
  p.c = K ? numbers(net.c, K) : [number(net.c)];
  p.direction = direction === null ? null : numbers(direction, d);
  const r = flat?.basis.length;
  p.flat = flat && { centre: numbers(flat.centre, d), basis: numbers(flat.basis, r, d), Z: numbers(flat.Z, n, r) };
  p.claim = claim && [number(claim.upper), number(claim.lower), number(claim.violation)];
  p.shape = "shape" in document ? shapeOf(document.shape, p) : null;
  need(!p.shape || (d === 1 && !several && !flat && bias), "a shape is for one feature, one output, with biases");
  const zero = (list) => list.every((a) => a.n === 0n);
  need(p.beta.n > 0n, "beta must be positive");
  need(p.s.every((s) => s.n >= 0n) && !zero(p.s), "weights must not be negative, nor all 0");
  need(!p.labels || p.y.every(([y]) => minus(abs(y), UNIT).n === 0n), "labels must be -1 and +1");
  need(bias || zero([...p.b, ...p.c, ...p.m]), "without biases b, c and the center must be 0");
  if (p.constrained) Object.assign(p, { beta: UNIT, s: p.s.map((s) => (s.n ? UNIT : ZERO)) });
  return p;
}

// Bounds of the slope, null for an open end, ways to bend, and the multipliers; those that would be negative, of a bound
// or a bend that is not there, are dropped.
function shapeOf(asked, p) {
  need(asked && ["low", "high"].every((name) => name in asked), "the shape has no bounds");
  const { low, high, convex, concave, slopes, bends } = asked;
  const [from, to] = [low, high].map((bound) => (bound === null ? null : number(bound)));
  need(typeof convex === "boolean" && typeof concave === "boolean", "convex and concave must be true or false");
  need(!from || !to || !less(to, from), "the bounds of the slope must be in order");
  const many = places(p).length;
  const gaps = numbers(slopes, Math.max(0, many - 1)).map((q) => ((q.n > 0n ? from : to) ? q : ZERO));
  const inner = numbers(bends, Math.max(0, many - 2)).map((q) => ((q.n > 0n ? convex : concave) ? q : ZERO));
  return { low: from, high: to, convex, concave, slopes: gaps, bends: inner, cone: !from?.n && !to?.n };
}

const upwards = (a, b) => Number(less(b, a)) - Number(less(a, b));
const distinct = (list) => [...list].sort(upwards).filter((q, k, all) => !k || less(all[k - 1], q));
// Where points of weight above 0 lie on the line, from left to right.
const places = (p) => distinct(p.X.filter((_, i) => p.s[i].n).map(([x]) => x));

// Limits may be missing where there is curvature.
const sensible = (curvature, low, high) =>
  curvature !== null && curvature.n >= 0n && !(low?.n > 0n) && !(high?.n < 0n) && (curvature.n || (low && high));

// v moved to between s low and s high.
function within(v, s, low, high) {
  const raised = low ? max(v, times(s, low)) : v;
  return high ? min(raised, times(s, high)) : raised;
}

// The loss of a residual: its supremum is where v = r / curvature, or at the limit on that side.
function grown([curvature, low, high], r) {
  const v = curvature.n ? within(over(r, curvature), UNIT, low, high) : r.n > 0n ? high : low;
  return minus(times(r, v), half(times(curvature, times(v, v))));
}

// ---------------------------------------------------------------- the network's side

// f(x), a number for each output.
function outputs(p, x) {
  const shifted = x.map((q, k) => minus(q, p.m[k]));
  const hidden = p.U.map((u, j) => max(plus(dot(u, shifted), p.b[j]), ZERO));
  return p.c.map((c, k) => plus(c, dot(hidden, p.w.map((w) => w[k]))));
}

// What the network costs or, if it misses a constraint by a little, one that does not; and by how much it misses.
function upperBound(p) {
  let penalty = sum(p.U.map((u, j) => rootUp(times(dot(u, u), dot(p.w[j], p.w[j])))));
  let missed = ZERO;
  const counted = [...p.s.keys()].filter((i) => p.s[i].n);
  let f = counted.map((i) => outputs(p, p.X[i]));
  if (p.shape) [penalty, f, missed] = broughtToShape(p, counted, f);
  const rest = f.map((row, i) => row.map((q, k) => minus(p.y[counted[i]][k], q)));
  const margins = f.map(([q], i) => times(q, p.y[counted[i]][0]));
  const total = (values) => plus(dot(counted.map((i) => p.s[i]), values), times(p.beta, penalty));
  if (p.loss === "squared") return [total(rest.map((row) => half(dot(row, row)))), missed];
  if (p.family) return [total(rest.map(([r]) => grown(p.family, r))), missed];
  if (p.loss === "hinge") return [total(margins.map((z) => max(minus(UNIT, z), ZERO))), missed];
  if (p.loss === "logistic") return [total(margins.map((z) => softplusUp(minus(ZERO, z)))), missed];
  if (p.loss === "interpolate") {
    const repair = p.bias && !p.shape ? spline(p, counted.map((i) => p.X[i]), rest.map(([r]) => r)) : ZERO;
    return [plus(penalty, repair), rest.map(([r]) => abs(r)).reduce(max, missed)];
  }
  const least = margins.reduce(min); // w and c divided by it make it 1
  if (least.n <= 0n) throw new Refuted("the network classifies a point wrongly");
  const short = max(minus(UNIT, least), missed);
  if (!p.shape || p.shape.cone) return [over(penalty, least), short];
  if (less(least, UNIT)) throw new Refuted("the network misses its margin, and cannot grow within the bounds of its slope");
  return [penalty, short];
}

// What the spline with the shape next to the network weighs, its values at the points, and by how much the slopes of the
// network itself miss the shape. To interpolate, it is the spline through the targets, which must have the shape.
function broughtToShape(p, counted, f) {
  const exactly = p.loss === "interpolate";
  const t = places(p);
  const at = (x) => t.findIndex((q) => !less(q, x));
  const [where, values] = [counted.map((i) => at(p.X[i][0])), Array(t.length)];
  where.forEach((k, i) => {
    const value = exactly ? p.y[counted[i]][0] : f[i][0];
    if (values[k] && minus(values[k], value).n) throw new Refuted("two points are not told apart and ask for different values");
    values[k] = value;
  });
  const gaps = t.slice(1).map((x, k) => minus(x, t[k]));
  const slopes = gaps.map((gap, k) => over(minus(values[k + 1], values[k]), gap));
  const kept = shapely(p.shape, slopes);
  const same = slopes.every((s, k) => !minus(s, kept[k]).n);
  if (exactly && !same) throw new Refuted("the targets do not have the shape");
  const near = [values[0]];
  gaps.forEach((gap, k) => near.push(same ? values[k + 1] : plus(near[k], times(gap, kept[k]))));
  const bends = sum(kept.slice(1).map((s, k) => rounded(abs(minus(s, kept[k])), true)));
  const ends = kept.length ? rounded(abs(plus(kept[0], kept.at(-1))), true) : ZERO;
  const own = ownSlopes(p, t[0], t.at(-1));
  const missed = shapely(p.shape, own).reduce((worst, s, k) => max(worst, abs(minus(s, own[k]))), ZERO);
  return [max(bends, half(plus(bends, ends))), exactly ? f : where.map((k) => [near[k]]), missed];
}

// Slopes that have the shape, the same where they have it already.
function shapely({ low, high, convex, concave }, slopes) {
  const kept = [];
  for (const slope of slopes) {
    let s = within(slope, UNIT, low, high);
    if (convex && kept.length) s = max(s, kept.at(-1));
    kept.push(concave && kept.length ? min(s, kept.at(-1)) : s);
  }
  return kept;
}

// Slopes of the network from one place to another: a neuron bends at m - b / u, and is active on the side of u.
function ownSlopes(p, start, stop) {
  const arms = p.U.map(([u], j) => ({ u, b: p.b[j], rate: times(u, p.w[j][0]) })).filter(({ u }) => u.n);
  const kinks = arms.map(({ u, b, rate }) => ({ t: minus(p.m[0], over(b, u)), right: u.n > 0n, rate }));
  const inside = kinks.map(({ t }) => t).filter((t) => less(start, t) && less(t, stop));
  const edges = distinct([start, ...inside, stop]);
  const active = (a, b) => kinks.filter(({ t, right }) => (right ? !less(a, t) : !less(t, b)));
  return edges.slice(1).map((b, k) => sum(active(edges[k], b).map(({ rate }) => rate)));
}

// The penalty of a spline along a direction that adds what is missing at the points: the slopes between them bend by B
// in all, and max(B, (B + |first slope + last slope|) / 2) is what its neurons weigh.
function spline(p, X, rest) {
  need(p.direction || p.d === 1, "interpolation in several dimensions needs a direction that tells the points apart");
  const direction = p.direction ?? [UNIT];
  const order = (a, b) => Number(less(b.t, a.t)) - Number(less(a.t, b.t));
  const at = X.map((x, i) => ({ t: dot(x, direction), r: rest[i] })).sort(order);
  const steps = at.slice(1).map((b, k) => ({ t: minus(b.t, at[k].t), r: minus(b.r, at[k].r) }));
  if (steps.some(({ t, r }) => !t.n && r.n)) throw new Refuted("two points are not told apart and ask for different values");
  const slopes = steps.filter(({ t }) => t.n).map(({ t, r }) => over(r, t));
  if (!slopes.length) return ZERO;
  const bends = sum(slopes.slice(1).map((b, k) => rounded(abs(minus(b, slopes[k])), true)));
  const ends = rounded(abs(plus(slopes[0], slopes.at(-1))), true);
  return times(max(bends, half(plus(bends, ends))), rootUp(dot(direction, direction)));
}

// ---------------------------------------------------------------- the dual side

// v moved to where the dual allows it: 0 where s = 0, for labels y v within [0, s], and sum v = 0 if there are biases.
function admissible(p) {
  const v = p.v.map((row, i) => row.map((q) => (p.s[i].n ? q : ZERO)));
  if (p.family) {
    const kept = v.map(([q], i) => within(q, p.s[i], p.family[1], p.family[2]));
    return balanced(kept, kept.map((q) => q.n > 0n), kept.map(abs), p.bias).map((q) => [q]);
  }
  if (!p.labels) {
    if (!p.bias) return v;
    const mean = v[0].map((_, k) => over(sum(v.map((row) => row[k])), sum(p.s)));
    return v.map((row, i) => row.map((q, k) => minus(q, times(p.s[i], mean[k]))));
  }
  const cut = (q, s) => (p.constrained ? max(q, ZERO) : min(max(q, ZERO), s));
  const a = v.map(([q], i) => cut(times(q, p.y[i][0]), p.s[i]));
  const signed = a.map((q, i) => times(q, p.y[i][0]));
  return balanced(signed, p.y.map(([y]) => y.n > 0n), a, p.bias).map((q) => [q]);
}

// v with the side that carries more, of the points that are positive and those that are not, scaled down to the other.
function balanced(v, positive, masses, bias) {
  const [above, below] = [true, false].map((side) => sum(masses.filter((_, i) => positive[i] === side)));
  const heavy = less(below, above);
  const factor = above.n || below.n ? over(min(above, below), max(above, below)) : UNIT;
  return v.map((q, i) => (bias && positive[i] === heavy ? times(q, factor) : q));
}

// The most that a neuron sees of v, or a little more. With x_i = centre + B'z_i + r_i that is at most
// ||B|| M(z) + sum |v_i| ||r_i||, and ||B||^2 is at most the largest sum of |.| over a row of B B'.
function most(p, v) {
  if (!p.flat) return rootUp(mostSquare(p.X, v, p.bias));
  const { centre, basis, Z } = p.flat;
  if (!p.bias && centre.some((q) => q.n)) throw new Refuted("without biases the flat must pass through the origin");
  const axes = centre.map((_, k) => basis.map((axis) => axis[k]));
  const rest = p.X.map((x, i) => x.map((q, k) => minus(minus(q, centre[k]), dot(Z[i], axes[k]))));
  const missed = sum(rest.map((r, i) => rootUp(times(dot(r, r), dot(v[i], v[i])))));
  const norm = basis.map((a) => sum(basis.map((b) => abs(dot(a, b))))).reduce(max);
  return plus(rootUp(times(norm, mostSquare(Z, v, p.bias))), missed);
}

// Rows of exact numbers as rows of whole numbers, and their unit.
function whole(rows) {
  const some = rows.flat().filter((a) => a.n);
  const [d, e] = [[...new Set(some.map((a) => a.d))].reduce((p, q) => p * q, 1n), Math.min(0, ...some.map((a) => a.e))];
  return [rows.map((row) => row.map((a) => shift(a.n * (d / a.d), a.e - e))), exact(1n, e, d)];
}

// The square of that for points on a line or in a plane, without any rounding.
function mostSquare(X, v, bias) {
  const [[points, unit], [mass, unitOfV]] = [whole(X), whole(v)];
  const [d, K, both] = [points[0].length, mass[0].length, times(unit, unitOfV)];
  if (d > 2 || (d === 2 && K > 1)) throw new Refuted("neurons of more dimensions, or of several outputs in the plane, cannot be bounded");
  return times(d === 1 ? onTheLine(points, mass, K, bias) : inThePlane(points, mass, bias), times(both, both));
}

// sum_i v_i (x_i - t)_+ and sum_i v_i (t - x_i)_+ are piecewise linear in t: they are largest at a point of the data.
// Without biases t is 0.
function onTheLine(points, mass, K, bias) {
  let best = 0n;
  for (const side of [1n, -1n]) {
    const none = Array(K).fill(0n);
    const arms = points.map(([x], i) => ({ x: side * x, v: mass[i] })).filter(({ x }) => bias || x > 0n);
    const stops = [...arms.sort((a, b) => (a.x < b.x ? 1 : a.x > b.x ? -1 : 0)), ...(bias ? [] : [{ x: 0n, v: none }])];
    let [value, slope, last] = [none, none, stops[0].x];
    for (const { x, v } of stops) {
      value = value.map((q, k) => q + slope[k] * (last - x));
      slope = slope.map((q, k) => q + v[k]);
      last = x;
      const square = value.reduce((all, q) => all + q * q, 0n);
      if (square > best && (bias || x === 0n)) best = square;
    }
  }
  return exact(best);
}

// For a given u the best b puts the line u.x + b = 0 through a point: turn a line about each of them.
function inThePlane(points, mass, bias) {
  const pivots = bias ? [...new Map(points.map((point) => [point.join(), point])).values()] : [[0n, 0n]];
  const armsFrom = ([p, q]) => points.map(([x, y], i) => [x - p, y - q, mass[i][0]]).filter(([x, y]) => x || y);
  const [top, bottom] = pivots.reduce((best, pivot) => turn(armsFrom(pivot), best), [0n, 1n]);
  return exact(top, 0, bottom);
}

// The largest N^2 = (sum_i v_i (u.a_i)_+)^2 over all directions u as [numerator, denominator], if it is above `best`.
// Turn u once: the arm a = (x, y) begins to count at u = (y, -x) and ends at u = (-y, x). In between N = G.u for a
// constant G, the sum of v a over those that count. So N^2 is |G|^2 if G or -G lies between, else highest at an end.
/** @type {(arms: bigint[][], best: bigint[]) => bigint[]} */
function turn(arms, best) {
  const events = arms.flatMap(([x, y, v]) => [event(y, -x, v * x, v * y), event(-y, x, -v * x, -v * y)]).sort(byAngle);
  if (!events.length) return best;
  let [gx, gy, last] = [0n, 0n, events.at(-1)];
  for (const [x, y, v] of arms) {
    const [ahead, ends] = [x * events[0].x + y * events[0].y, x * events[0].y - y * events[0].x];
    if (ahead > 0n || (ahead === 0n && ends > 0n)) [gx, gy] = [gx + v * x, gy + v * y]; // counts before the first event
  }
  let [top, bottom] = best;
  for (const next of events) {
    const [before, after] = [last.x * gy - last.y * gx, gx * next.y - gy * next.x];
    const inside = (before >= 0n && after >= 0n) || (before <= 0n && after <= 0n);
    const along = inside ? 0n : gx * next.x + gy * next.y;
    const [high, scale] = inside ? [gx * gx + gy * gy, 1n] : [along * along, next.x * next.x + next.y * next.y];
    if (high * bottom > top * scale) [top, bottom] = [high, scale];
    [gx, gy, last] = [gx + next.gx, gy + next.gy, next];
  }
  return [top, bottom];
}

/** @param {bigint} x @param {bigint} y @param {bigint} gx @param {bigint} gy */
function event(x, y, gx, gy) {
  const [across, up] = [Number(x), Number(y)];
  return { x, y, gx, gy, angle: Number.isFinite(across + up) ? Math.atan2(up, across) : NaN };
}

// Doubles tell most angles apart; where they are near, or too large for doubles (NaN), whole numbers decide.
function byAngle(a, b) {
  const apart = a.angle - b.angle;
  if (Math.abs(apart) > 1e-9) return apart;
  const part = ({ x, y }) => (y < 0n ? 0 : y > 0n || x > 0n ? 1 : 2); // below, from 0 to less than pi, pi
  const turned = a.x * b.y - a.y * b.x;
  return part(a) - part(b) || (turned > 0n ? -1 : turned < 0n ? 1 : 0);
}

// max |N_q|: the multipliers add to the neurons (x - t)_+ those of all gaps right of t and that of the point t, and to
// (t - x)_+ less those of all gaps left of it. Both are piecewise linear in t: they are largest at a point of the data.
function mostWithShape(p, v) {
  const { slopes, bends } = p.shape;
  const t = places(p);
  const mass = t.map(() => ZERO);
  p.X.forEach(([x], i) => {
    const k = p.s[i].n ? t.findIndex((q) => !less(q, x)) : -1;
    if (k >= 0) mass[k] = plus(mass[k], v[i][0]);
  });
  const moment = sum(mass.map((q, k) => times(q, t[k])));
  const all = sum(slopes);
  let [above, right, gaps, best] = [ZERO, ZERO, ZERO, ZERO];
  for (let k = t.length - 1; k >= 0; k -= 1) {
    if (k + 1 < t.length) {
      right = plus(right, times(above, minus(t[k + 1], t[k])));
      gaps = plus(gaps, slopes[k]);
    }
    above = plus(above, mass[k]);
    const lifted = plus(plus(right, gaps), k && k + 1 < t.length ? bends[k - 1] : ZERO);
    best = max(best, max(abs(lifted), abs(minus(minus(lifted, moment), all))));
  }
  return best;
}

// What the bounds of the slope take from the lower bound.
const paidFor = ({ low, high, slopes }) => sum(slopes.filter((q) => q.n).map((q) => minus(ZERO, times(q.n < 0n ? high : low, q))));

// g(t v) for the best t there is, or a good one.
function lowerBound(p) {
  const v = admissible(p);
  const [seen, paid] = p.shape ? [mostWithShape(p, v), paidFor(p.shape)] : [most(p, v), ZERO];
  const flat = minus(sum(v.map((row, i) => dot(row, p.y[i]))), paid);
  const room = seen.n ? over(p.beta, seen) : null; // null: t is not limited
  const upTo = (t) => (room ? min(t, room) : t);
  if (p.loss === "squared" || p.family) {
    const squares = sum(v.map((row, i) => (p.s[i].n ? rounded(over(dot(row, row), p.s[i]), true) : ZERO)));
    const square = p.family ? times(p.family[0], squares) : squares;
    const best = square.n ? over(flat, square) : p.family ? UNIT : ZERO;
    const t = flat.n > 0n ? upTo(p.family ? min(best, UNIT) : best) : ZERO; // within limits t v stays for t <= 1
    return minus(times(t, flat), half(times(times(t, t), square)));
  }
  if (p.constrained) return room ? times(max(flat, ZERO), room) : ZERO;
  const t = upTo(UNIT);
  if (p.loss === "hinge") return times(t, flat);
  const shares = v.map(([q], i) => (p.s[i].n ? over(times(t, times(q, p.y[i][0])), p.s[i]) : ZERO));
  return minus(dot(p.s, shares.map((a) => plus(entropyBelow(a), entropyBelow(minus(UNIT, a))))), times(t, paid));
}

// ---------------------------------------------------------------- the seal: SHA-256 of all that the file says

const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical)}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`)}}`
      : JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** @type {(document: Record<string, any>) => string} */
export const seal = ({ seal, ...rest }) => sha256(canonical(rest));

const PRIMES = [];
for (let k = 2; PRIMES.length < 64; k += 1) if (PRIMES.every((prime) => k % prime)) PRIMES.push(k);
const digits = (root) => Math.floor((root % 1) * 2 ** 32); // the first 32 binary digits behind the point
const KEYS = PRIMES.map((prime) => digits(Math.cbrt(prime)));

export function sha256(text) {
  const bytes = [...text].map((c) => c.charCodeAt(0));
  const blocks = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  [...bytes, 128].forEach((byte, k) => blocks.setUint8(k, byte));
  blocks.setBigUint64(blocks.byteLength - 8, BigInt(bytes.length * 8));
  const turn = (x, by) => (x >>> by) | (x << (32 - by));
  const hash = Uint32Array.from(PRIMES.slice(0, 8), (prime) => digits(Math.sqrt(prime)));
  const w = new Uint32Array(64);
  for (let at = 0; at < blocks.byteLength; at += 64) {
    for (let k = 0; k < 64; k += 1) {
      const [p, q] = [w[k - 15], w[k - 2]];
      const mixed = (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10));
      w[k] = k < 16 ? blocks.getUint32(at + 4 * k) : w[k - 16] + w[k - 7] + mixed;
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let k = 0; k < 64; k += 1) {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + KEYS[k] + w[k];
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => (hash[k] += x));
  }
  return [...hash].map((x) => x.toString(16).padStart(8, "0")).join("");
}

// ---------------------------------------------------------------- the verdict

// What the numbers of the file prove, as exact numbers; its claims are not looked at.
export function bounds(document) {
  const p = read(document);
  const [upper, violation] = upperBound(p);
  return { upper, lower: lowerBound(p), violation };
}

// The double that is two steps beyond the nearest one to an exact number, above for side 1 and below for -1; 0 is 0.
export function outwards({ n, e, d }, side) {
  if (n === 0n) return 0;
  const k = 66 + size(d) - size(n);
  const [top, bottom] = [shift(absolute(n), Math.max(k, 0)), shift(d, Math.max(-k, 0))];
  const digits = Number(((top / bottom) << 1n) | (top % bottom ? 1n : 0n)); // the last one says that there are more
  const [half, power] = [Math.trunc((e - k - 1) / 2), e - k - 1];
  const bits = new BigInt64Array(new Float64Array([digits * 2 ** half * 2 ** (power - half)]).buffer);
  bits[0] += n < 0n === side < 0 ? 2n : bits[0] > 1n ? -2n : -bits[0];
  return new Float64Array(bits.buffer)[0] * (n < 0n ? -1 : 1);
}

const shown = (a) => String(outwards(a, 1)).replace("-", "");

// The bounds, once all that the file claims is proved; throws Refuted or Unreadable with the reason.
export function check(document) {
  const { claim } = read(document);
  need(claim, "it claims nothing");
  if (document.seal !== seal(document)) throw new Refuted("the file was changed after it was written: its seal does not fit");
  const found = bounds(document);
  const hold = (holds, words, truth, said) => {
    if (!holds) throw new Refuted(`${words} ${shown(truth)}, not the ${shown(said)} claimed`);
  };
  hold(!less(claim[0], found.upper), "the network reaches", found.upper, claim[0]);
  hold(!less(found.lower, claim[1]), "the dual vector proves", found.lower, claim[1]);
  hold(!less(claim[2], found.violation), "the constraints are missed by", found.violation, claim[2]);
  return found;
}

// {verdict: "proved", upper, lower, violation, gap} or {verdict: "refuted" or "unreadable", reason}; numbers as doubles.
/** @returns {{verdict: string, reason?: string, upper?: number, lower?: number, violation?: number, gap?: number}} */
export function verdict(document, prove = check) {
  try {
    const { upper, lower, violation } = prove(document);
    const doubles = { upper: outwards(upper, 1), lower: outwards(lower, -1), violation: outwards(violation, 1) };
    return { verdict: "proved", ...doubles, gap: outwards(minus(upper, lower), 1) };
  } catch (error) {
    if (error instanceof Refuted) return { verdict: "refuted", reason: error.message };
    if (error instanceof Unreadable) return { verdict: "unreadable", reason: error.message };
    throw error;
  }
}
