/**
 * What is behind a cell, on hover and on focus. One cell of a table is reached by Tab, the others from
 * it by the arrow keys; Escape puts the text away.
 */
export const TIPS = `
const tip = make('div', { id: 'tip', hidden: true });
tip.setAttribute('aria-hidden', 'true');
document.body.append(tip);
let owner = null;
const hideTip = () => {
  tip.hidden = true;
  owner = null;
};
const showTip = (cell) => {
  if (owner === cell) return;
  owner = cell;
  const lines = cell.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id));
  tip.replaceChildren(...lines.filter(Boolean).map((line) => make('p', {}, line.textContent)));
  tip.hidden = false;
  const box = cell.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const below = box.bottom + height + 8 < innerHeight;
  tip.style.left = Math.max(4, Math.min(box.left, innerWidth - width - 8)) + 'px';
  tip.style.top = Math.max(4, below ? box.bottom + 2 : box.top - height - 2) + 'px';
};
const tipped = (node) => node.closest && node.closest('td[aria-describedby]');
document.addEventListener('mouseover', ({ target }) => {
  const cell = tipped(target);
  if (cell) showTip(cell);
  else if (!tip.contains(target) && owner !== document.activeElement) hideTip();
});
document.addEventListener('focusin', ({ target }) => {
  const cell = tipped(target);
  if (cell) showTip(cell);
  else hideTip();
});
document.addEventListener('scroll', hideTip, true);
const grids = all('table.grid');
const enter = (cell) => {
  for (const other of all('td[tabindex="0"]', cell.closest('table'))) other.tabIndex = -1;
  cell.tabIndex = 0;
};
for (const table of grids) {
  for (const cell of all('td', table)) cell.tabIndex = -1;
  const first = table.querySelector('td');
  if (first) first.tabIndex = 0;
}
const shown = (row, step) => {
  let next = row;
  do next = step < 0 ? next.previousElementSibling : next.nextElementSibling;
  while (next && next.hidden);
  return next;
};
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hideTip();
  const cell = tipped(event.target);
  if (!cell || event.target !== cell) return;
  const row = cell.parentElement;
  const column = cell.cellIndex;
  const next = {
    ArrowLeft: () => row.cells[Math.max(1, column - 1)],
    ArrowRight: () => row.cells[column + 1],
    ArrowUp: () => shown(row, -1)?.cells[column],
    ArrowDown: () => shown(row, 1)?.cells[column],
    Home: () => row.cells[1],
    End: () => row.cells[row.cells.length - 1],
    Enter: () => void (location.hash = cell.id),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const target = next();
  if (!target) return;
  enter(target);
  target.focus();
  showTip(target);
});
document.addEventListener('click', ({ target }) => {
  const cell = tipped(target);
  if (!cell || target.closest('a')) return;
  enter(cell);
  cell.focus({ preventScroll: true });
  history.replaceState(null, '', '#' + cell.id);
});
`;
