import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { onceGone } from "../../convexviz/app/components/web/dom.js";

test("what a component has drawn stays while its element is on the page, however often Streamlit calls for its end", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const element = { isConnected: true };
  let ended = 0;
  const end = onceGone(element, () => (ended += 1));
  end();
  mock.timers.tick(1);
  end();
  mock.timers.tick(1);
  assert.equal(ended, 0);
  end(); // Streamlit calls before it takes the element away
  element.isConnected = false;
  assert.equal(ended, 0);
  mock.timers.tick(1);
  assert.equal(ended, 1);
  mock.timers.reset();
});
