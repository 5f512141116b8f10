// Changes to the page that touch only what differs.

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
