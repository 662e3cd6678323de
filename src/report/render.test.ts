import { describe, expect, it } from 'vitest';
import { type Block, bullets, code, heading, paragraph, table } from './document.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText } from './render-text.ts';

const long = `a reason that takes many words ${'and more '.repeat(9)}than a table can hold`;

describe('Markdown', () => {
  it('escapes markup but leaves kernel names legible', () => {
    const text = 'vm_area_struct __vma_start_write a*b `c` [d](e) <b> & &lt; x|y ~~z~~ -> 1';
    expect(renderMarkdown([paragraph(text)])).toBe(
      'vm_area_struct \\_\\_vma_start_write a\\*b \\`c\\` \\[d\\](e) \\<b> & &amp;lt; x\\|y \\~\\~z\\~\\~ -> 1\n',
    );
  });

  it('fences code that holds backticks and pipes', () => {
    expect(renderMarkdown([paragraph(code('a``b'))])).toBe('```a``b```\n');
    expect(renderMarkdown([table([{ title: 'T' }], [[[code('a|b')]]])])).toContain('| `a\\|b` |');
  });

  it('never lets text start a block of another kind', () => {
    const starts = ['# a', '- a', '+ a', '> a', '1. a', '=== a'];
    expect(starts.map((text) => renderMarkdown([paragraph(text)]).trim())).toEqual([
      '\\# a',
      '\\- a',
      '\\+ a',
      '\\> a',
      '1\\. a',
      '\\=== a',
    ]);
    const wrapped = renderMarkdown([paragraph(`${'x'.repeat(98)} - y`)]);
    expect(wrapped.split('\n').filter((line) => line.startsWith('-'))).toEqual([]);
  });

  it('moves prose out of a table that would be too wide, each text once', () => {
    const rows = ['a', 'b'].map((name) => [[name], [long]]);
    const text = renderMarkdown([table([{ title: 'Cell' }, { title: 'Why', prose: true }], rows)]);
    expect(text).toContain('| a    | see 1 |\n| b    | see 1 |');
    expect(text.match(/1\. a reason/g)).toHaveLength(1);
  });

  it('spreads the columns of a table that is still too wide over several', () => {
    const columns = Array.from({ length: 9 }, (_, i) => ({ title: `column number ${i}` }));
    const text = renderMarkdown([table(columns, [columns.map(() => ['x'])])]);
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
    expect(text.match(/\| column number 0 \|/g)).toHaveLength(2);
  });
});

describe('terminal text', () => {
  const blocks: Block[] = [heading(1, 'Title'), bullets([['one ', code('two')]])];

  it('has no escape sequence without colour and only bold with it', () => {
    expect(renderText(blocks, { width: 80, colour: false })).toBe('Title\n=====\n\n  - one two\n');
    expect(renderText(blocks, { width: 80, colour: true })).toBe(
      '\x1b[1mTitle\x1b[22m\n=====\n\n  - one two\n',
    );
  });
});
