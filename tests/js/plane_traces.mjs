// What the browser makes of traces that arrive without data: reads a JSON list of {trace, network, base}, prints theirs.
import { readFileSync } from "node:fs";

import { withPlane } from "../../convexviz/app/components/chart/plane.js";

const plain = (value) => {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value, plain);
  return value;
};

function reply({ trace, network, base }) {
  const { x, y, z, text, customdata, marker, visible = true } = withPlane(trace, network, base, null);
  return { x: plain(x), y: plain(y), z: plain(z), text, customdata: plain(customdata), symbol: marker?.symbol, visible };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(reply)));
