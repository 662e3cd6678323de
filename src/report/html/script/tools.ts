/** What the other parts use. */
export const TOOLS = `
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const tools = document.getElementById('tools');
const tables = all('table.data').map((table) => ({
  table,
  body: table.tBodies[0],
  rows: [...table.tBodies[0].rows],
  box: table.closest('.table'),
  caption: table.caption.textContent,
}));
const unfold = (node) => {
  for (let up = node; up; up = up.parentElement) if (up.localName === 'details') up.open = true;
};
`;
