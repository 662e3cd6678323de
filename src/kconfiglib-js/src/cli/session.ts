import { forgetOpenModes } from '../eval/classic-choice.ts';
import type { Config } from '../eval/config.ts';
import { TRAIT } from '../eval/program.ts';
import { leadingNumber } from '../eval/text-value.ts';
import { unmetText } from '../eval/unmet.ts';
import { ERA } from '../menu/era.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { TYPE } from '../menu/model.ts';
import { isTristateType } from '../menu/views.ts';
import { defconfigFiles } from '../read/defconfig-list.ts';
import { readDotconfig } from '../read/dotconfig.ts';
import { writeDotconfig } from '../write/dotconfig.ts';
import { configName, framed, saveConfig } from './config-file.ts';
import { Files, type Io } from './io.ts';

/** The draft of a tree is not enough: it has no text for a warning, and not the order of several. */
export class UnmetInDraft extends Error {}

/**
 * One run of the command: a configuration, and what `conf` keeps beside it. `changed` decides whether the values are
 * found again before writing, which shows in how often a warning is printed.
 */
export class Session {
  readonly io: Io;
  readonly kconfig: Kconfig;
  readonly config: Config;
  readonly files: Files;
  readonly prefix: string;
  changed = true;
  silent = false;
  #fileWarnings = 0;
  #unmet = 0;

  constructor(io: Io, kconfig: Kconfig) {
    this.io = io;
    this.kconfig = kconfig;
    this.config = kconfig.config();
    this.files = new Files(io.cwd);
    this.prefix = io.env.CONFIG_ ?? 'CONFIG_';
    this.config.evaluator.textFields = new Uint8Array(this.config.evaluator.program.size);
    this.config.evaluator.onUnmet = (id) => {
      if (kconfig.isDraft) throw new UnmetInDraft();
      this.#unmet++;
      io.stderr(unmetText(this.config.evaluator, id));
    };
  }

  /** Warnings about the file read count as errors. */
  get fileErrors(): boolean {
    return this.#fileWarnings > 0 && this.io.env.KCONFIG_WERROR !== undefined;
  }

  /** Symbols selected against their dependencies count as errors. */
  get unmetErrors(): boolean {
    return this.#unmet > 0 && this.io.env.KCONFIG_WERROR !== undefined;
  }

  message(text: string): void {
    if (!this.silent) this.io.stdout(framed(text));
  }

  /** Open a file here, or in the source tree. */
  open(name: string): string | undefined {
    const here = this.files.read(name);
    if (here !== undefined || name.startsWith('/')) return here;
    const { srctree } = this.io.env;
    return srctree === undefined ? undefined : this.files.read(`${srctree}/${name}`);
  }

  /** Read user values, and nothing more. Without a name, the configuration or the first of the default list. */
  readValues(name: string | undefined): boolean {
    let file = name ?? configName(this.io);
    let text = this.open(file);
    if (text === undefined && name === undefined) {
      this.changed = true;
      for (const candidate of [...this.#listed(), ...defconfigFiles(this.config)]) {
        text = this.open(candidate);
        if (text === undefined) continue;
        file = candidate;
        this.message(`using defaults found in ${candidate}`);
        break;
      }
    }
    if (text === undefined) return false;
    const found = readDotconfig(this.config, text, file, {
      prefix: this.prefix,
      warnUnknown: this.io.env.KCONFIG_WARN_UNKNOWN_SYMBOLS !== undefined,
      onUnknown: () => {
        this.changed = true;
      },
    });
    for (const d of found) this.io.stderr(d.conf ?? '');
    this.#fileWarnings = found.length;
    return true;
  }

  #listed(): string[] {
    return (this.io.env.KCONFIG_DEFCONFIG_LIST ?? '').split(/\s+/).filter(Boolean);
  }

  /** Read a configuration and find all values; notes whether writing it back would change it. */
  readConfig(name: string | undefined): boolean {
    this.changed = false;
    const evaluator = this.config.evaluator;
    if (!this.readValues(name)) {
      evaluator.prepare();
      return false;
    }
    const { hashOrder } = this.kconfig;
    evaluator.calcAll(hashOrder);
    for (let i = 0; i < hashOrder.length; i++)
      if (!this.#isAsRead(hashOrder[i] as number)) this.changed = true;
    if (evaluator.program.era <= ERA.V6_7)
      for (const id of this.kconfig.hashOrder) if (this.#forgetOutside(id)) this.changed = true;
    forgetOpenModes(evaluator);
    if (this.#fileWarnings > 0) this.changed = true;
    return true;
  }

  /** Is the value of a symbol the one that was read, or none where none is to be written. */
  #isAsRead(id: number): boolean {
    const { evaluator } = this.config;
    const { slot, traits, type } = evaluator.program;
    if (((traits[id] as number) & TRAIT.CHOICE) !== 0) return true;
    const user = evaluator.user[id] as number;
    const write = evaluator.write[id] !== 0;
    if (user === 0 || !write) return user === 0 && !write;
    return isTristateType(type[id] as number)
      ? user - 1 === evaluator.tri[id]
      : evaluator.userText[slot[id] as number] === evaluator.textOf(id);
  }

  /** Take back the user value of a number that is not within its range. Says whether there was one. */
  #forgetOutside(id: number): boolean {
    const { evaluator } = this.config;
    const { slot, type, ranges } = evaluator.program;
    const kind = type[id] as number;
    if (evaluator.user[id] === 0 || (kind !== TYPE.INT && kind !== TYPE.HEX)) return false;
    const row = evaluator.rangeRow(id);
    if (row < 0) return false;
    const base = kind === TYPE.INT ? 10 : 16;
    const value = leadingNumber(evaluator.userText[slot[id] as number] as string, base);
    const [low, high] = [ranges.a[row] as number, ranges.b[row] as number];
    if (value >= evaluator.rangeBound(low, base) && value <= evaluator.rangeBound(high, base))
      return false;
    evaluator.user[id] = 0;
    // What was found from the value stays, as in `conf`, until all values are found anew.
    evaluator.valid[id] = 0;
    evaluator.known.fill(0);
    return true;
  }

  /** Values are to be found again. */
  invalidate(): void {
    this.config.evaluator.invalidateAll(true);
    this.changed = true;
    this.config.evaluator.prepare();
  }

  /** Write the configuration. The old one is kept with `.old`; an equal one is left alone. */
  writeConfig(): boolean {
    const saved = saveConfig(
      {
        name: configName(this.io),
        files: this.files,
        io: this.io,
        message: (text) => this.message(text),
      },
      () => {
        if (!this.changed) this.invalidate();
        return writeDotconfig(this.config, { prefix: this.prefix });
      },
    );
    if (saved) this.changed = false;
    return saved;
  }
}
