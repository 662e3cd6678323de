import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EDITS, type EditLine, editLine, insert, visiblePart } from './edit-line.ts';

describe('a line being edited', () => {
  it('is edited where the cursor is', () => {
    let line = editLine('ac');
    line = insert(EDITS.left(line), 'b');
    expect(line).toEqual({ text: 'abc', cursor: 2 });
    expect(EDITS.erase(line)).toEqual({ text: 'ac', cursor: 1 });
    expect(EDITS.delete(line)).toEqual({ text: 'ab', cursor: 2 });
    expect(EDITS['erase-after'](EDITS.home(line))).toEqual({ text: '', cursor: 0 });
  });

  it('erases words and what is before', () => {
    const line = editLine('arch/x86 defconfig ');
    expect(EDITS['erase-word'](line).text).toBe('arch/x86 ');
    expect(EDITS['erase-before']({ text: 'abc', cursor: 2 })).toEqual({ text: 'c', cursor: 0 });
  });

  it('takes a paste of several lines as one', () => {
    expect(insert(editLine(''), 'a\nb\tc\u001b[2J').text).toBe('a b c?[2J');
  });

  it('keeps the cursor within the text, and in view, whatever is done', () => {
    const step = fc.oneof(
      fc.constantFrom(...Object.values(EDITS)),
      fc.string().map((text) => (line: EditLine) => insert(line, text)),
    );
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 12 }), (steps, width) => {
        let line = editLine('');
        for (const edit of steps) {
          line = edit(line);
          const length = [...line.text].length;
          expect(line.cursor).toBeGreaterThanOrEqual(0);
          expect(line.cursor).toBeLessThanOrEqual(length);
          const { before, at, after } = visiblePart(line, width);
          expect([...before, ...at, ...after].length).toBeLessThanOrEqual(width);
          expect(at).toBe([...line.text, ' '][line.cursor]);
        }
      }),
    );
  });
});
