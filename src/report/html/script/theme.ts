/** A button for light or dark, remembered where the browser lets a file remember anything. */
export const THEME = `
const root = document.documentElement;
const remembered = (() => {
  try {
    return localStorage.getItem('kmatrix-theme');
  } catch {
    return null;
  }
})();
const dark = () =>
  root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme:dark)').matches;
if (remembered === 'dark' || remembered === 'light') root.dataset.theme = remembered;
const theme = make('button', { type: 'button' });
const nameTheme = () => {
  theme.textContent = dark() ? 'Light' : 'Dark';
  theme.setAttribute('aria-label', dark() ? 'Light colours' : 'Dark colours');
};
nameTheme();
matchMedia('(prefers-color-scheme:dark)').addEventListener('change', nameTheme);
theme.addEventListener('click', () => {
  root.dataset.theme = dark() ? 'light' : 'dark';
  nameTheme();
  try {
    localStorage.setItem('kmatrix-theme', root.dataset.theme);
  } catch {}
});
tools.append(theme);
if (found) tools.append(found);
`;
