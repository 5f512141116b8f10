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
