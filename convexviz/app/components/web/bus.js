// One event bus for all components of a page, so that hovering a neuron in one picture lights it in the others
// and a scrubbed frame reaches all of them without a server round trip.
function cvzBus() {
  if (!globalThis.__convexvizBus) {
    const listeners = new Map();
    globalThis.__convexvizBus = {
      last: {},
      on(type, fn) {
        if (!listeners.has(type)) listeners.set(type, new Set());
        listeners.get(type).add(fn);
        return () => listeners.get(type).delete(fn);
      },
      emit(type, detail) {
        this.last[type] = detail;
        for (const fn of [...(listeners.get(type) ?? [])]) fn(detail);
      },
    };
  }
  return globalThis.__convexvizBus;
}

// A gesture is answered by one message, to the board; what it brings for other parts of the page goes to them from
// there. `seq` orders a part's own message and such parcels, since either may be the newer one.
function cvzDeliver(parcels) {
  for (const [key, parcel] of Object.entries(parcels ?? {})) cvzBus().emit(`parcel:${key}`, parcel);
}

function cvzNewest(data) {
  const parcel = cvzBus().last[`parcel:${data.key}`];
  return parcel && parcel.seq > (data.seq ?? 0) ? parcel : data;
}

// Arrays travel as base64 of their bytes, `{dtype, bdata, shape}` in Plotly's terms, unless they are short.
const CVZ_TYPED = {
  f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array,
  i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array, u1c: Uint8ClampedArray,
};

// A typed array, or rows of one; what is no packed array is returned as it is.
function cvzDecode(value) {
  if (value?.bdata === undefined) return value;
  const { dtype, bdata, shape } = value;
  const text = atob(bdata);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const flat = new CVZ_TYPED[dtype](bytes.buffer);
  const dims = shape === undefined ? [] : String(shape).split(",").map(Number);
  if (dims.length !== 2) return flat;
  return Array.from({ length: dims[0] }, (_, row) => flat.subarray(row * dims[1], (row + 1) * dims[1]));
}

// A component's style sheet, once per page whatever the number of components; a newer one takes the place of an older.
function cvzStyle(name, text) {
  let sheet = document.querySelector(`style[data-cvz="${name}"]`);
  if (!sheet) {
    sheet = document.createElement("style");
    sheet.dataset.cvz = name;
    document.head.append(sheet);
  }
  if (sheet.textContent !== text) sheet.textContent = text;
}
