// Stands in for web/load.js on a page without a server: where a file is, is where the page itself has put it.

export const appRoot = document.baseURI;

/** @param {string} path */
export const at = (path) => globalThis.__convexvizFiles[path];
