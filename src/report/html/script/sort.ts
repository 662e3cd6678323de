/**
 * A heading is a button that sorts by its column: up, down, and back to the order of the report.
 * Numbers with their unit or spread are sorted as numbers, everything else by its text.
 */
export const SORT = `
const textOf = (row, column) => row.cells[column].textContent.trim();
const numberOf = (text) => {
  const found = /^[x\\u00b1+<]*(-?[\\d,]+(?:\\.\\d+)?)/.exec(text);
  return found ? Number(found[1].replaceAll(',', '')) : NaN;
};
const order = (rows, column, sign) => {
  const texts = new Map(rows.map((row) => [row, textOf(row, column)]));
  const known = rows.filter((row) => texts.get(row) !== '');
  const numeric = known.every((row) => !Number.isNaN(numberOf(texts.get(row))));
  const compare = numeric
    ? (a, b) => numberOf(a) - numberOf(b)
    : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = known.sort((a, b) => sign * compare(texts.get(a), texts.get(b)));
  return [...sorted, ...rows.filter((row) => texts.get(row) === '')];
};
const headsOf = (table) => {
  const [first, second] = table.tHead.rows;
  return second ? [first.cells[0], ...second.cells] : [...first.cells];
};
for (const { table, body, rows } of tables) {
  if (rows.length < 2) continue;
  const heads = headsOf(table);
  heads.forEach((head, column) => {
    const button = make('button', { type: 'button' }, ...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const was = head.getAttribute('aria-sort');
      for (const other of heads) other.removeAttribute('aria-sort');
      const now = was === null ? 'ascending' : was === 'ascending' ? 'descending' : null;
      if (now) head.setAttribute('aria-sort', now);
      body.append(...(now ? order([...rows], column, now === 'ascending' ? 1 : -1) : rows));
    });
  });
}
`;
