/**
 * A link into a folded part unfolds it, and a row that a filter hides comes back. What is to be printed
 * whole is unfolded by a button first: with every trace it is a book.
 */
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
const fold = make('button', { type: 'button' }, 'Unfold all');
fold.addEventListener('click', () => {
  const open = fold.textContent === 'Unfold all';
  for (const part of all('details')) part.open = open;
  fold.textContent = open ? 'Fold all' : 'Unfold all';
});
if (document.querySelector('details')) theme.before(fold);
`;
