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
