import fc from 'fast-check';

/** A generated tree and the names of its symbols. */
export interface RandomTree {
  text: string;
  names: string[];
  types: ('bool' | 'tristate' | 'int' | 'string')[];
}

/**
 * Trees without loops: symbols refer to earlier ones in conditions and defaults, and select and imply later ones. Some
 * lie in menus, `if` blocks and choices. Classic choices, of before 6.11, can be optional and tristate. With `copies`
 * the default of a text may be another symbol.
 */
export function randomTree(classic = false, copies = false): fc.Arbitrary<RandomTree> {
  const shape = fc.record({
    type: fc.constantFrom('bool', 'tristate', 'tristate', 'bool', 'int', 'string'),
    prompt: fc.boolean(),
    promptIf: fc.nat(9),
    depends: fc.nat(9),
    defaults: fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 2 }),
    targets: fc.array(fc.tuple(fc.boolean(), fc.nat(9), fc.nat(9)), { maxLength: 2 }),
    range: fc.boolean(),
    place: fc.constantFrom('plain', 'plain', 'plain', 'menu', 'if', 'choice'),
  });
  return fc
    .tuple(fc.array(shape, { minLength: 2, maxLength: 14 }), fc.infiniteStream(fc.nat(999)))
    .map(([shapes, stream]) => {
      const random = (bound: number): number => (stream.next().value as number) % bound;
      const names = shapes.map((_, i) => `S${i}`);
      const types = shapes.map((s) => {
        if (s.place !== 'choice') return s.type;
        return classic && s.promptIf % 2 === 0 ? 'tristate' : 'bool';
      }) as RandomTree['types'];
      const logical = (i: number): boolean => types[i] === 'bool' || types[i] === 'tristate';
      const atom = (i: number): string => {
        const j = random(i + 2);
        if (j >= i) return ['y', 'm', 'MODULES'][random(3)] as string;
        if (!logical(j)) return types[j] === 'int' ? `S${j} > ${random(20)}` : `S${j} != "a"`;
        return [`S${j}`, `!S${j}`, `S${j}=m`, `S${j}!=n`, `S${j}=y`, `S${j}`][random(6)] as string;
      };
      const expr = (i: number, depth = 0): string => {
        const kind = random(4);
        if (depth > 1 || kind === 0) return atom(i);
        return kind === 1
          ? `(${expr(i, depth + 1)} || ${expr(i, depth + 1)})`
          : `${expr(i, depth + 1)} && ${atom(i)}`;
      };
      /** A text, or the name of an earlier symbol whose text is taken over. */
      const textDefault = (i: number): string => {
        const int = types[i] === 'int';
        if (copies) {
          const likely = types.slice(0, i).flatMap((type, j) => {
            return type === 'int' || (!int && type === 'string') ? [`S${j}`] : [];
          });
          const copied = likely[random(likely.length + 1)];
          if (copied) return copied;
          if (!int && i > 0 && random(3) === 0) return `S${random(i)}`;
        }
        return int ? String(random(30)) : '"b"';
      };
      const option = classic ? 'option ' : '';
      let text = `config MODULES\n\tbool "modules"\n\t${option}modules\n\tdefault y\n\n`;
      for (const [i, s] of shapes.entries()) {
        const member = s.place === 'choice';
        let body = `config S${i}\n\t${types[i]}${s.prompt || member ? ` "s${i}"${s.promptIf < 2 ? ` if ${expr(i)}` : ''}` : ''}\n`;
        if (s.depends < 4) body += `\tdepends on ${expr(i)}\n`;
        if (!member) {
          for (const [condition] of s.defaults) {
            const value = logical(i) ? (condition < 3 ? atom(i) : 'y') : textDefault(i);
            body += `\tdefault ${value}${condition < 5 ? ` if ${expr(i)}` : ''}\n`;
          }
          if (types[i] === 'int' && s.range) body += `\trange 5 ${6 + random(10)} if ${expr(i)}\n`;
        }
        if (logical(i)) {
          for (const [select, condition] of s.targets) {
            const later = shapes
              .map((_, k) => k)
              .filter((k) => k > i && logical(k) && shapes[k]?.place !== 'choice');
            const target = later[random(later.length || 1)];
            if (target === undefined) continue;
            body += `\t${select ? 'select' : 'imply'} S${target}${condition < 4 ? ` if ${expr(i)}` : ''}\n`;
          }
        }
        if (s.place === 'menu') text += `menu "m${i}"\n\tvisible if ${expr(i)}\n${body}endmenu\n\n`;
        else if (s.place === 'if') text += `if ${expr(i)}\n${body}endif\n\n`;
        else if (member) {
          const type = classic && s.promptIf % 3 !== 0 ? 'tristate' : 'bool';
          const other = `config C${i}\n\t${type} "c${i}"\n`;
          const head = classic
            ? `\t${s.depends % 2 === 0 ? 'tristate' : 'bool'} "choice ${i}"${s.defaults.length > 1 ? ` if ${expr(i)}` : ''}\n${s.range ? '\toptional\n' : ''}`
            : `\tprompt "choice ${i}"\n`;
          text += `choice\n${head}${s.prompt ? `\tdefault C${i}\n` : ''}${body}${other}endchoice\n\n`;
          names.push(`C${i}`);
          types.push(type);
        } else text += `${body}\n`;
      }
      return { text, names: ['MODULES', ...names], types: ['bool', ...types] };
    });
}

/** A step on a configuration. */
export type Step = { do: 'set' | 'unset' | 'get'; symbol: number; value: number };

/** Sequences of steps; symbols and values are taken modulo what there is. */
export function randomSteps(): fc.Arbitrary<Step[]> {
  const what = fc.constantFrom<Step['do']>('set', 'set', 'set', 'unset', 'get');
  return fc.array(fc.record({ do: what, symbol: fc.nat(99), value: fc.nat(99) }), {
    maxLength: 25,
  });
}

/** A value for a symbol of this type. */
export function valueFor(type: RandomTree['types'][number], n: number): string {
  if (type === 'bool') return ['n', 'y'][n % 2] as string;
  if (type === 'tristate') return ['n', 'm', 'y'][n % 3] as string;
  return type === 'int' ? String(n % 40) : (['', 'a', 'b\\"c'][n % 3] as string);
}
