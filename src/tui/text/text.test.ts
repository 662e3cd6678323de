import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, truncate } from './fit.ts';
import { fitLine, lineText, seg } from './line.ts';
import { count, duration, grouped, percent, short } from './number.ts';
import { clean, textWidth } from './width.ts';
import { wrap } from './wrap.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('textWidth', () => {
  it.each([
    ['abc', 3],
    ['●◐○×▸', 5],
    ['⣿', 1],
    ['漢字', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['⌚☔', 4],
    ['ศิ', 1],
    ['a\u200b\u00ad', 2],
  ])('%s takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('fitText', () => {
  it('cuts with an ellipsis and pads on either side', () => {
    expect(fitText('PER_VMA_LOCK', 7)).toBe('PER_VM…');
    expect(fitText('ab', 4)).toBe('ab  ');
    expect(fitText('ab', 4, 'right')).toBe('  ab');
  });

  it('cuts in the middle where the end tells texts apart', () => {
    const fitted = (text: string, width: number) => fitText(text, width, 'left', '…', 'middle');
    expect(fitted('X86_USER_SHADOW_STACK=y', 12)).toBe('X86_US…ACK=y');
    expect(fitted('漢字漢字', 6)).toBe('漢…字 ');
    expect(fitted('ab', 4)).toBe('ab  ');
    expect(fitted('abc', 1)).toBe('…');
  });

  it('takes the width it is given wherever it cuts', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), fc.constantFrom('end', 'middle'), (text, width, cut) => {
        expect(textWidth(fitText(text, width, 'left', '…', cut))).toBe(width);
      }),
    );
  });

  it('does not split a wide character', () => {
    expect(fitText('漢字', 3)).toBe('漢…');
    expect(fitText('漢字漢', 4)).toBe('漢… ');
  });

  it('shows control characters, so that a value cannot drive the terminal', () => {
    expect(clean('a\u001b[2Jb')).toBe('a?[2Jb');
    expect(truncate('a\nb', 10)).toBe('a?b');
    expect(clean('a\u202eb\u2066c\u2028')).toBe('a?b?c?');
  });

  it('is always as wide as asked', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), (text, width) => {
        expect(textWidth(fitText(text, width))).toBe(width);
      }),
    );
  });
});

describe('fitLine', () => {
  it('keeps tones and marks where it cut', () => {
    const line = [seg('abc', 'good'), seg('def'), seg('ghi', 'bad')];
    expect(fitLine(line, 5)).toEqual([seg('abc', 'good'), seg('d…')]);
    expect(lineText(fitLine(line, 6))).toBe('abcde…');
    expect(lineText(fitLine(line, 11))).toBe('abcdefghi  ');
  });

  it('is always as wide as asked', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), fc.nat(60), (texts, width) => {
        const line = texts.map((text) => seg(text));
        expect(textWidth(lineText(fitLine(line, width)))).toBe(width);
      }),
    );
  });
});

describe('wrap', () => {
  it('breaks at spaces, and long words anywhere', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
    expect(wrap('', 5)).toEqual(['']);
  });

  it('loses no word and never exceeds the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,9}$/)),
        fc.integer({ min: 2, max: 30 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width);
          expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1234, '1.23k'],
    [99_960, '100k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [45_600_000, '45.6M'],
    [-1234, '-1.23k'],
    [0.5, '0.5'],
    [Number.NaN, '-'],
  ])('%f is short as %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it('writes times, shares and counts', () => {
    expect([duration(883), duration(1130), duration(2_500_000)]).toEqual([
      '883 ns',
      '1.13 us',
      '2.5 ms',
    ]);
    expect(percent(0.0123)).toBe('1.2%');
    expect(grouped(1234567)).toBe('1,234,567');
    expect([count(1, 'CPU'), count(2, 'CPU')]).toEqual(['1 CPU', '2 CPUs']);
  });
});
