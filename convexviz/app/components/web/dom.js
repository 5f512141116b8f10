// Changes to the page that touch only what differs, and the measure of its text.

// How much larger than usual the page's text is: sizes in px that stand beside text grow by as much.
export const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

// What a component returns to Streamlit: `end` comes once the element has left the page. Streamlit also calls for it when
// one call of the component overtakes another, and then what the newer one has drawn has to stay.
/** @type {(element: HTMLElement, end: () => void) => () => void} */
export const onceGone = (element, end) => () => void setTimeout(() => element.isConnected || end());

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
