/** A link into a folded part unfolds it, and a row that a filter hides comes back. */
export const LINKS = `
const arrive = () => {
  const node = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!node) return;
  unfold(node);
  const row = node.closest('tr');
  if (row && row.hidden) {
    search.value = '';
    for (const { filter } of tables) if (filter) filter.value = '';
    show();
  }
  node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  if (node.localName === 'td') {
    if (node.tabIndex < 0) enter(node);
    node.focus();
  }
};
addEventListener('hashchange', arrive);
arrive();
// Paper cannot be unfolded: everything is printed.
let closed = [];
addEventListener('beforeprint', () => {
  closed = all('details:not([open])');
  for (const folded of closed) folded.open = true;
});
addEventListener('afterprint', () => {
  for (const folded of closed) folded.open = false;
});
`;
