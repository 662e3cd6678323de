import { join } from 'node:path';
import type { Shell } from '../preprocess/shell.ts';
import { markFiles, sameFiles, settled } from '../snapshot/file-marks.ts';
import { keep, openOwn } from '../snapshot/place.ts';
import { commandFiles, isSteady } from './command-files.ts';
import { runShell } from './run-shell.ts';
import { sha256 } from './sha256.ts';

/** An answer, and what the command printed on standard error. */
type Answer = readonly [answer: string, errors: string];

/** What is kept between runs. */
interface Kept {
  schema: 1;
  /** When the answers were first asked for. */
  began: number;
  files: readonly string[];
  marks: readonly number[];
  answers: Readonly<Record<string, Answer>>;
}

/** Even if nothing it is known to depend on has changed, an answer is used no longer than this. */
const LONGEST_MS = 24 * 3600 * 1000;

/** Variables that change from call to call and that no probe looks at. */
const VOLATILE =
  /^(?:_|PWD|OLDPWD|SHLVL|TERM|COLUMNS|LINES|MAKE.*|MFLAGS|KCONF.*|SSH_.*|XDG_.*|DISPLAY|WINDOWID|TMUX.*|COLORTERM|HISTFILE|NODE_.*|npm_.*)$/;

/** How commands are run, and where their answers are kept. */
export interface ShellCacheOptions {
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stderr: (text: string) => void;
}

/**
 * Runs commands with /bin/sh, and keeps their answers for the next process. An answer is used again only with the same
 * environment, in the same directory, and while every file it depends on is the one it was: programs, scripts, and what
 * the compiler runs in its turn. What commands do beside answering is not done again.
 */
export class ShellCache {
  readonly #options: ShellCacheOptions;
  readonly #name: string;
  readonly #began = Date.now();
  readonly #old: Kept | undefined;
  readonly #new = new Map<string, Answer>();

  constructor(options: ShellCacheOptions) {
    this.#options = options;
    const { env, cwd } = options;
    const entries = Object.entries(env).filter(([name]) => !VOLATILE.test(name));
    const identity = JSON.stringify([cwd, entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
    this.#name = `${sha256(identity).slice(0, 40)}.json`;
    this.#old = this.#load();
  }

  readonly shell: Shell = ({ command }) => {
    const { env, cwd, stderr } = this.#options;
    const steady = isSteady(command);
    const known = steady
      ? (this.#new.get(command) ??
        (this.#old && Object.hasOwn(this.#old.answers, command)
          ? this.#old.answers[command]
          : undefined))
      : undefined;
    if (known) {
      if (known[1] !== '') stderr(known[1]);
      return known[0];
    }
    let errors = '';
    const answer = runShell(command, {
      env: { ...env },
      cwd,
      stderr: (text) => {
        errors += text;
        stderr(text);
      },
    });
    if (steady) this.#new.set(command, [answer, errors]);
    return answer;
  };

  /** Keep what was asked for the first time. */
  save(): void {
    if (this.#new.size === 0) return;
    const { env, cwd, directory } = this.#options;
    const answers = { ...this.#old?.answers, ...Object.fromEntries(this.#new) };
    const files = commandFiles(Object.keys(answers), env, cwd);
    const marks = markFiles(files);
    // A file that changed while commands ran may have given some answers before and some after.
    if (!settled(marks, this.#old?.began ?? this.#began)) return;
    const began = this.#old?.began ?? this.#began;
    const kept: Kept = { schema: 1, began, files, marks: [...marks], answers };
    keep(directory, this.#name, JSON.stringify(kept));
  }

  #load(): Kept | undefined {
    const own = openOwn(join(this.#options.directory, this.#name));
    if (!own) return undefined;
    try {
      const kept: unknown = JSON.parse(Buffer.from(own.readAt(0, own.size)).toString());
      if (!isKept(kept)) return undefined;
      const age = this.#began - kept.began;
      if (age < 0 || age > LONGEST_MS) return undefined;
      return sameFiles(kept.files, Float64Array.from(kept.marks)) ? kept : undefined;
    } catch {
      return undefined;
    } finally {
      own.close();
    }
  }
}

function isKept(value: unknown): value is Kept {
  const kept = value as Partial<Kept> | null;
  return (
    kept?.schema === 1 &&
    typeof kept.began === 'number' &&
    Array.isArray(kept.files) &&
    kept.files.every((file) => typeof file === 'string') &&
    Array.isArray(kept.marks) &&
    typeof kept.answers === 'object' &&
    kept.answers !== null &&
    Object.values(kept.answers).every(
      (answer: unknown) =>
        Array.isArray(answer) &&
        answer.length === 2 &&
        answer.every((text) => typeof text === 'string'),
    )
  );
}
