// How a component comes to the page: its modules and style sheets are fetched side by side, not one after the other as
// their imports are found, and it is mounted when all are there.

// Where a file of the components is served.
export const at = (path) => new URL(`../${path}`, import.meta.url).href;

// The address of the app: that of this file is `<app>/convexviz/web/<version>/web/load.js`.
export const appRoot = new URL("../../../../", import.meta.url).href;

/** @type {Map<string, Promise<unknown>>} */
const sheets = new Map();

// A style sheet, once per page whatever the number of components; a newer one takes the place of an older.
function styled(path) {
  if (!sheets.has(path)) sheets.set(path, addSheet(path));
  return sheets.get(path);
}

function addSheet(path) {
  const older = document.querySelector(`link[data-cvz="${path}"]`);
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: at(path) });
  link.dataset.cvz = path;
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${link.href} did not load; reload the page.`));
  }).then(() => older?.remove());
}

// New data that come while the modules are loading make Streamlit mount twice at once, and then run the first mount's
// clean-up, which would take the second off the page: only the latest mount cleans up.
const turns = new WeakMap();

function latestOnly(mount) {
  return (args) => {
    const turn = (turns.get(args.parentElement) ?? 0) + 1;
    turns.set(args.parentElement, turn);
    const leave = mount(args);
    return () => turns.get(args.parentElement) === turn && leave?.();
  };
}

// `files` are modules, of which the first mounts the component, and style sheets.
export async function load(files) {
  const [{ default: mount }] = await Promise.all(files.map((path) => (path.endsWith(".css") ? styled(path) : import(at(path)))));
  return latestOnly(mount);
}
