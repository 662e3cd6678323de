import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inert } from '../input/index.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  type Line,
  numbered,
  paragraph,
  table,
} from './document.ts';
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

  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.string({ unit: fc.constantFrom('a', '_', ':', ',', ' ', '-', '1.'), maxLength: 200 }),
  );
  const line = fc.array(fc.oneof(name, name.map(code)), { maxLength: 3 });
  const block = fc.oneof(
    line.map((text): Block => heading(2, ...text)),
    line.map((text): Block => paragraph(...text)),
    fc.array(line, { maxLength: 3 }).map(bullets),
    fc.array(line, { maxLength: 3 }).map(numbered),
    fc.tuple(fc.array(name, { minLength: 1, maxLength: 5 }), fc.array(fc.array(line))).map(
      ([titles, rows]): Block =>
        table(
          titles.map((title, i) => ({ title, prose: i === 3 })),
          rows,
        ),
    ),
  );

  it('is never wider than it may be, and loses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 4 }),
        fc.integer({ min: 40, max: 100 }),
        (all, width) => {
          const text = renderText(all, { width, colour: false });
          expect(text.split('\n').filter((one) => [...one].length > width)).toEqual([]);
          for (const one of all) {
            if (one.kind !== 'paragraph') continue;
            const said = wordsIn(plainOf(one.text));
            expect(wordsIn(text)).toContain(said);
          }
        },
      ),
    );
  });

  it('breaks names that are wider than their column, and keeps figures beside them', () => {
    const [a, b] = ['all-builds-v2:64BIT=y,SMP=n,X86_USER_SHADOW_STACK=y', 'proc_maps_locking_ctx'];
    const text = renderText(
      [table([{ title: 'Kernel' }, { title: b, align: 'right' }], [[[code(a)], ['24']]])],
      {
        width: 60,
        colour: false,
      },
    );
    expect(text).toBe(
      [
        'Kernel                                 proc_maps_locking_ctx',
        '-------------------------------------  ---------------------',
        'all-builds-v2:64BIT=y,SMP=n,                              24',
        '  X86_USER_SHADOW_STACK=y',
        '',
      ].join('\n'),
    );
  });
});

/** A text without its spaces, which are where it may be broken. */
function wordsIn(text: string): string {
  return text.replace(/\s/g, '');
}

function plainOf(text: Line): string {
  return text
    .map((piece) =>
      inert(typeof piece === 'string' ? piece : 'code' in piece ? piece.code : piece.strong),
    )
    .join('');
}
