/** Tables: each scrolls in its own region with its first column and its head in sight. */
export const TABLES = `
.table{margin:.75rem 0}
.filter{display:flex;flex-wrap:wrap;gap:.25rem .6rem;align-items:center;margin-bottom:.35rem;font-size:.9rem}
.filter input{width:min(16rem,60vw);padding:.15rem .45rem}
.filter span{color:var(--quiet)}
.scroll{overflow:auto;max-height:85vh;border:1px solid var(--rule);border-radius:.4rem;width:fit-content;max-width:100%}
table{border-collapse:separate;border-spacing:0;font-size:.88rem;line-height:1.35}
caption{text-align:left;font-weight:600;padding:.4rem .6rem;caption-side:top}
caption>span{position:sticky;left:.6rem}
th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-top:1px solid var(--rule);max-width:34rem}
thead th{position:sticky;top:0;z-index:2;background:var(--raised);font-weight:600;vertical-align:bottom;border-top:1px solid var(--rule)}
thead th.group{border-left:2px solid var(--rule);position:static}
thead tr:has(+tr) th{z-index:3}
.grid thead tr+tr th{font:.85em/1.3 ui-monospace,"DejaVu Sans Mono",monospace;font-weight:400;min-width:5.5rem;max-width:9rem;overflow-wrap:anywhere}
tbody th{position:sticky;left:0;z-index:1;background:var(--page);font-weight:400;border-right:1px solid var(--rule);overflow-wrap:normal}
.grid tbody th{min-width:15rem}
tbody th code{overflow-wrap:inherit}
thead th:first-child{left:0;z-index:4;border-right:1px solid var(--rule)}
thead tr+tr th:first-child{left:auto;z-index:2;border-right:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead th.n{white-space:normal}
.grid td{white-space:nowrap;border-left:1px solid var(--page)}
.hits{display:block;font-size:.85em}
td code{overflow-wrap:normal}
td:target,tr:target>*,[id]:target>figcaption{box-shadow:inset 0 0 0 2px var(--link)}
th button{all:unset;cursor:pointer;font:inherit;color:inherit;display:inline}
th button:focus-visible{outline:3px solid var(--link)}
th button::after{content:"\\2195";color:var(--quiet);padding-left:.3em}
th[aria-sort=ascending] button::after{content:"\\2191";color:var(--text)}
th[aria-sort=descending] button::after{content:"\\2193";color:var(--text)}
@media (max-width:40rem){body{font-size:15px}th,td{padding:.25rem .45rem}td{max-width:18rem}tbody th,.grid tbody th{min-width:9.5rem;max-width:42vw;overflow-wrap:anywhere}}
`;
