/**
 * A search over the rows of every table, and a filter above each table that is long. A row stays if
 * it holds every word of both.
 */
export const FILTER = `
const wordsOf = (text) => text.toLowerCase().split(/\\s+/).filter(Boolean);
const words = new Map();
const has = (row, wanted) => {
  if (!words.has(row)) {
    words.set(row, (row.textContent + ' ' + [...row.cells].map((cell) => cell.id).join(' ')).toLowerCase());
  }
  return wanted.every((word) => words.get(row).includes(word));
};
let search;
let found;
const opened = new Set();
const show = () => {
  const wanted = wordsOf(search.value);
  for (const folded of opened) folded.open = false;
  opened.clear();
  const hits = new Map();
  for (const own of tables) {
    const mine = own.filter ? wordsOf(own.filter.value) : [];
    let left = 0;
    for (const row of own.rows) {
      row.hidden = !(has(row, wanted) && has(row, mine));
      if (!row.hidden) left++;
    }
    own.box.hidden = wanted.length > 0 && left === 0;
    if (own.count) own.count.textContent = left + ' of ' + own.rows.length + ' rows';
    if (wanted.length === 0 || left === 0) continue;
    for (let up = own.box; up; up = up.parentElement) {
      if (up.localName === 'details' && !up.open) {
        up.open = true;
        opened.add(up);
      }
    }
    const part = own.box.closest('main>section');
    hits.set(part, (hits.get(part) || 0) + left);
  }
  found.replaceChildren();
  if (wanted.length === 0) return;
  if (hits.size === 0) found.append('No row has it.');
  let first = true;
  for (const [part, left] of hits) {
    const name = part.querySelector('h2').textContent;
    found.append(first ? 'Rows: ' : ', ', make('a', { href: '#' + part.id }, left + ' in ' + name));
    first = false;
  }
};
if (tables.length > 0) {
  search = make('input', { type: 'search', id: 'search' });
  search.setAttribute('aria-keyshortcuts', '/');
  found = make('div', { className: 'found', id: 'found' });
  found.setAttribute('role', 'status');
  const label = make('label', { htmlFor: 'search' }, 'Search every table (key /)');
  tools.append(make('div', { className: 'search' }, label, search));
  for (const own of tables) {
    if (own.rows.length < 8) continue;
    own.filter = make('input', { type: 'search' });
    own.filter.setAttribute('aria-label', 'Filter: ' + own.caption);
    own.count = make('span', {}, own.rows.length + ' rows');
    own.count.setAttribute('role', 'status');
    const label = make('span', {}, 'Filter');
    label.setAttribute('aria-hidden', 'true');
    own.box.prepend(make('div', { className: 'filter' }, label, own.filter, own.count));
    own.filter.addEventListener('input', show);
  }
  search.addEventListener('input', show);
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(input|textarea|select)$/.test(event.target.localName)) return;
    event.preventDefault();
    search.focus();
  });
}
`;
