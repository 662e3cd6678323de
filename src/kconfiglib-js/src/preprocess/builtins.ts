import type { Preprocessor } from './preprocessor.ts';

/** Name and arguments of one call together, as `conf` counts them. */
export const FUNCTION_MAX_ARGS = 16;

/** A function that is part of the language. */
export interface Builtin {
  min: number;
  max: number;
  run(preprocessor: Preprocessor, args: readonly string[]): string;
}

/** The six functions of the language; `success`, `cc-option` and the like are macros of the kernel tree. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [
    'error-if',
    {
      min: 2,
      max: 2,
      run(p, [condition, text]) {
        if (condition === 'y') p.fail('error-if', text ?? '');
        return '';
      },
    },
  ],
  ['filename', { min: 0, max: 0, run: (p) => p.host.here().file }],
  [
    'info',
    {
      min: 1,
      max: 1,
      run(p, [text]) {
        p.host.sink.add({
          code: 'info',
          severity: 'info',
          message: text ?? '',
          span: p.host.here(),
          conf: `${text}\n`,
          stream: 'stdout',
        });
        return '';
      },
    },
  ],
  ['lineno', { min: 0, max: 0, run: (p) => String(p.host.here().line) }],
  ['shell', { min: 1, max: 1, run: (p, [command]) => p.ask(command ?? '') }],
  [
    'warning-if',
    {
      min: 2,
      max: 2,
      run(p, [condition, text]) {
        if (condition === 'y')
          p.host.sink.at('warning', 'warning-if', p.host.here(), text ?? '', ` ${text}`);
        return '';
      },
    },
  ],
]);
