// A speaker's sentence, with **bold** and *italic*: text and nothing else, whatever else stands in it.

const MARK = /\*\*([^*]+)\*\*|\*([^*]+)\*/g;

/** @type {(text: string) => {tag: "" | "b" | "i", text: string}[]} */
export function pieces(text) {
  /** @type {{tag: "" | "b" | "i", text: string}[]} */
  const found = [];
  let from = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > from) found.push({ tag: "", text: text.slice(from, match.index) });
    found.push(match[1] === undefined ? { tag: "i", text: match[2] } : { tag: "b", text: match[1] });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ tag: "", text: text.slice(from) });
  return found;
}

/** @type {(element: HTMLElement, text: string) => void} */
export function sentence(element, text) {
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  const nodes = pieces(text).map(({ tag, text: words }) => {
    if (!tag) return document.createTextNode(words);
    return Object.assign(document.createElement(tag), { textContent: words });
  });
  element.replaceChildren(...nodes);
}
