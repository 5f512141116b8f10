// Changes to the page that touch only what differs, and the measure of its text.

// How much larger than usual the page's text is: sizes in px that stand beside text grow by as much.
export const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
