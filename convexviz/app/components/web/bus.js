// One event bus for all components of a page, so that hovering a neuron in one picture lights it in the others
// and a scrubbed frame reaches all of them without a server round trip. It is the page's, whatever versions of this file
// are on the page.
/** @typedef {ReturnType<typeof makeBus>} Bus */

function makeBus() {
  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  return {
    /** @type {Record<string, any>} */
    last: {},

    /** @param {string} type @param {(detail: any) => void} fn */
    on(type, fn) {
      if (!listeners.has(type)) listeners.set(type, new Set());
      listeners.get(type)?.add(fn);
      return () => listeners.get(type)?.delete(fn);
    },

    /** @param {string} type @param {any} detail */
    emit(type, detail) {
      this.last[type] = detail;
      for (const fn of [...(listeners.get(type) ?? [])]) fn(detail);
    },
  };
}

export const bus = (globalThis.__convexvizBus ??= makeBus());

// A gesture is answered by one message, to the board; what it brings for other parts of the page goes to them from
// there. `seq` orders a part's own message and such parcels, since either may be the newer one.
/** @type {(parcels: Record<string, any> | null | undefined) => void} */
export function deliver(parcels) {
  for (const [key, parcel] of Object.entries(parcels ?? {})) bus.emit(`parcel:${key}`, parcel);
}

/** @type {<D extends {key: string, seq?: number}>(data: D) => D} */
export function newest(data) {
  const parcel = bus.last[`parcel:${data.key}`];
  return parcel && parcel.seq > (data.seq ?? 0) ? parcel : data;
}
