/** Plots. */
export const PLOTS = `
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:1rem 1.5rem;align-items:start}
figure{margin:.5rem 0;min-width:0}
figcaption{font-weight:600;margin-bottom:.3rem}
svg.plot{display:block;width:100%;max-width:30rem;height:auto}
svg text{font:11px system-ui,sans-serif;fill:var(--text)}
svg text.axis{fill:var(--quiet)}
svg text.end{text-anchor:end}
svg text.mid{text-anchor:middle}
svg text.label{font-weight:600}
.rule{stroke:var(--rule);stroke-width:1}
.line{fill:none;stroke-width:2}
.whisker{stroke-width:1.5}
.band{opacity:.22;stroke:none}
.mark{stroke:var(--page);stroke-width:.8}
.bar{fill:var(--tone0)}
.outer{fill:none;stroke:var(--tone0);stroke-width:1}
${[0, 1, 2, 3, 4, 5]
  .map(
    (n) =>
      `.line.tone${n},.whisker.tone${n}{stroke:var(--tone${n})}.mark.tone${n},.band.tone${n}{fill:var(--tone${n})}`,
  )
  .join('\n')}
ul.marks{display:flex;flex-wrap:wrap;gap:.1rem 1rem}
ul.key{list-style:none;padding:0;margin:.4rem 0;font-size:.85rem}
.swatch{width:36px;height:12px;margin-right:.4rem;vertical-align:middle}
`;
