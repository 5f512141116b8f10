// Arrays travel as base64 of their bytes, `{dtype, bdata, shape}` in Plotly's terms, unless they are short.
/** @type {Record<string, any>} */
export const TYPED = {
  f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array,
  i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array, u1c: Uint8ClampedArray,
};

// A typed array, or rows of one; what is no packed array is returned as it is.
/** @type {(value: any) => any} */
export function decode(value) {
  if (value?.bdata === undefined) return value;
  const { dtype, bdata, shape } = value;
  const text = atob(bdata);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const flat = new TYPED[dtype](bytes.buffer);
  const dims = shape === undefined ? [] : String(shape).split(",").map(Number);
  if (dims.length !== 2) return flat;
  return Array.from({ length: dims[0] }, (_, row) => flat.subarray(row * dims[1], (row + 1) * dims[1]));
}
