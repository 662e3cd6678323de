import { ExpressionGrammar, type FuzzSymbol } from './expression-grammar.ts';
import type { Random } from './random.ts';

/** A generated tree: its files, and the symbols a configuration can mention. */
export interface FuzzTree {
  files: Record<string, string>;
  symbols: FuzzSymbol[];
}

/** Environment variables the trees refer to. */
export const TREE_ENV = { FUZZ_WORD: 'word', FUZZ_YES: 'y', FUZZ_EMPTY: '' };

const TYPES = ['bool', 'bool', 'tristate', 'tristate', 'tristate', 'int', 'hex', 'string'] as const;

/** By the last version of Linux that has it, or the first for the newest: of before 6.11, of 6.12, of 6.18, and of 7.0. */
export type FuzzLanguage = '6.10' | '6.12' | '6.18' | '7.0';

/** Make a tree of a few dozen lines that uses the whole language, now and then wrongly. */
export function fuzzTree(random: Random, language: FuzzLanguage = '6.12'): FuzzTree {
  return new TreeGrammar(random, language).make();
}

/**
 * Writes Kconfig files. In a tame tree conditions refer to earlier symbols and selects to later ones, so there are no
 * loops; a wild one refers to anything.
 */
class TreeGrammar {
  readonly #random: Random;
  readonly #symbols: FuzzSymbol[] = [];
  readonly #files: Record<string, string> = {};
  readonly #wild: boolean;
  readonly #odd: boolean;
  readonly #count: number;
  readonly #x: ExpressionGrammar;
  readonly #classic: boolean;
  readonly #hasTransitional: boolean;
  /** `depends on … if` is known. */
  readonly #dependsIf: boolean;
  /** Type of the choice being written, where it can be tristate. */
  #choiceType: 'bool' | 'tristate' = 'bool';
  #next = 0;
  #defined = 0;
  #out: string[] = [];
  #macros = 0;
  #sources = 0;
  /** Blocks around: within one a transitional symbol has dependencies, which is an error. */
  #blocks = 0;
  /** Number of the first symbol of the choice being written: members that mention each other are loops. */
  #choiceStart: number | undefined;

  constructor(random: Random, language: FuzzLanguage) {
    this.#random = random;
    this.#classic = language === '6.10';
    this.#dependsIf = language === '7.0';
    this.#hasTransitional = this.#dependsIf || language === '6.18';
    this.#wild = random.chance(8);
    this.#odd = random.chance(25);
    this.#count = 2 + random.below(random.chance(30) ? 26 : 12);
    for (let i = 0; i < this.#count; i++) {
      this.#symbols.push({ name: `S${i}`, type: random.pick(TYPES), member: false });
    }
    this.#x = new ExpressionGrammar(random, this.#symbols);
  }

  make(): FuzzTree {
    const random = this.#random;
    if (random.chance(60)) this.#line(`mainmenu "${random.pick(['Fuzz', 'A $(FUZZ_WORD) menu'])}"`);
    const modules = random.below(12);
    if (modules < 11) this.#modules(modules);
    if (random.chance(25)) this.#functions();
    while (this.#next < this.#count) this.#statement(0, false);
    this.#files.Kconfig = this.#text();
    const symbols: FuzzSymbol[] = [...this.#symbols];
    if (modules < 11) symbols.push({ name: 'MODULES', type: 'bool', member: false });
    return { files: this.#files, symbols };
  }

  #modules(kind: number): void {
    const attribute = this.#classic ? '\toption modules' : '\tmodules';
    const type = kind === 0 ? 'tristate' : kind === 9 && this.#wild ? 'int' : 'bool';
    this.#line('config MODULES');
    this.#line(`\t${type}${kind < 7 ? ' "modules"' : ''}`);
    // Another symbol may have the attribute, and then MODULES is like any other.
    if (kind > 0 && kind < 10) this.#line(attribute);
    if (kind > 1) this.#line(`\tdefault ${kind === 2 ? 'n' : 'y'}`);
    if (kind === 0) this.#line(attribute);
    if (kind === 8) this.#line(`\tdepends on ${this.#wild ? this.#expr(0) : 'y'}`);
    this.#line('');
  }

  /** Functions that give their first argument in one way or another. */
  #functions(): void {
    this.#line('first = $(1)');
    this.#line('second = $(2)');
    this.#line('swap = $(second,$(2),$(1))');
    this.#line('call = $($(2),$(1),$(3))');
    this.#line('by-call = $(call,$(1),first,$(2))');
    this.#line('joined := $(first,fi)');
    this.#line('joined += $(first,rst)');
    this.#x.functions.push('first', 'swap', 'by-call');
  }

  #text(): string {
    const end = this.#odd && this.#random.chance(5) ? '' : '\n';
    return `${this.#out.join('\n')}${end}`;
  }

  #line(text: string): void {
    if (this.#odd && this.#random.chance(4)) {
      const tail = this.#random.pick([' # remark', '  ', '\t', ' \\\n']);
      this.#out.push(text === '' ? text : text + tail);
    } else this.#out.push(text);
  }

  /** Symbols a condition may mention: those before `limit`. */
  #expr(limit: number, depth = 0): string {
    const wild = this.#wild && this.#random.chance(20);
    const tame = Math.min(limit, this.#choiceStart ?? limit);
    return this.#x.expression(wild ? this.#count : tame, depth);
  }

  #if(limit: number, percent: number): string {
    return this.#random.chance(percent) ? ` if ${this.#expr(limit)}` : '';
  }

  #dependsOn(limit: number): string {
    return `depends on ${this.#expr(limit)}${this.#dependsIf ? this.#if(limit, 25) : ''}`;
  }

  #statement(depth: number, inChoice: boolean): void {
    const random = this.#random;
    const roll = random.below(100);
    if (roll < 52 || depth > 4) this.#config(inChoice, false);
    else if (roll < 56) this.#comment();
    else if (roll < 66) this.#block(`if ${this.#expr(this.#next)}`, 'endif', depth, inChoice);
    else if (inChoice) this.#config(true, false);
    else if (roll < 72) this.#config(false, true);
    else if (roll < 80) this.#menu(depth);
    else if (roll < 90) this.#choice(depth);
    else if (roll < 94) this.#macro();
    else if (roll < 97 || depth > 0) this.#source(depth);
    else this.#again();
  }

  #block(head: string, tail: string, depth: number, inChoice: boolean): void {
    this.#line(head);
    this.#blocks++;
    for (let n = this.#random.below(4); n >= 0 && this.#next < this.#count; n--)
      this.#statement(depth + 1, inChoice);
    this.#blocks--;
    this.#line(tail);
    this.#line('');
  }

  #menu(depth: number): void {
    const random = this.#random;
    this.#line(`menu "${this.#prompt('menu')}"`);
    const limit = this.#next;
    if (random.chance(30)) this.#line(`\t${this.#dependsOn(limit)}`);
    if (random.chance(30)) this.#line(`\tvisible if ${this.#expr(limit)}`);
    if (random.chance(8)) this.#line(`\tvisible if ${this.#expr(limit)}`);
    this.#block('', 'endmenu', depth, false);
  }

  #choice(depth: number): void {
    const random = this.#random;
    const limit = this.#next;
    const size = 1 + random.below(4);
    this.#line('choice');
    const lines = this.#choiceHead(limit);
    if (random.chance(30)) lines.push(`\t${this.#dependsOn(limit)}`);
    for (let n = random.below(3); n > 0; n--) {
      const member = limit + random.below(size + (random.chance(4) ? 2 : 0));
      lines.push(`\tdefault S${Math.min(member, this.#count - 1)}${this.#if(limit, 40)}`);
    }
    if (random.chance(10)) lines.push('\thelp', '\t  Choose one.');
    for (const line of lines) this.#line(line);
    this.#choiceStart = limit;
    for (let n = size; n > 0 && this.#next < this.#count; n--) this.#statement(depth + 3, true);
    this.#choiceStart = undefined;
    this.#choiceType = 'bool';
    this.#line('endchoice');
    this.#line('');
  }

  #choiceHead(limit: number): string[] {
    const random = this.#random;
    const title = `"${this.#prompt('choice')}"${this.#if(limit, 25)}`;
    if (!this.#classic) return [`\tprompt ${title}`];
    this.#choiceType = random.chance(50) ? 'tristate' : 'bool';
    const optional = random.chance(30) ? ['\toptional'] : [];
    if (random.chance(50)) return [`\t${this.#choiceType} ${title}`, ...optional];
    // Without a type it is that of the first member.
    const type = random.chance(60) ? [`\t${this.#choiceType}`] : [];
    return [...type, `\tprompt ${title}`, ...optional];
  }

  #comment(): void {
    this.#line(`comment "${this.#prompt('comment')}"`);
    if (this.#random.chance(50)) this.#line(`\t${this.#dependsOn(this.#next)}`);
  }

  #macro(): void {
    const random = this.#random;
    const name = `m${this.#macros++}`;
    const value = random.pick([
      'y',
      '$(first,$(1),$(2))',
      '$(no-such,$(1),x)',
      '$(shell,echo $(1))',
      '$(filename)',
      '  $(1) ',
      '$(m0,$(2))',
      'n',
      'word',
      '$(1)',
      '$(FUZZ_YES)',
      '$(if-y,$(1))',
      'a $(2) b',
    ]);
    this.#line(`${name} ${random.pick(['=', ':=', '+='])} ${value}`);
    const use = random.below(6);
    if (use === 0) this.#line(`$(info,${name} is $(${name},y,z))`);
    else if (use === 1) this.#line(`$(warning-if,$(${name},y),at $(filename):$(lineno))`);
    else if (use === 2) this.#line(`v${name} := $(${name},y)`);
    else if (use === 3 && random.chance(6))
      this.#line(`s${name} := $(shell,echo "$(${name},y)"; echo b)`);
  }

  #source(depth: number): void {
    const name = `Kconfig.${this.#sources++}`;
    const outer = this.#out;
    this.#out = [];
    for (let n = this.#random.below(3); n >= 0 && this.#next < this.#count; n--)
      this.#statement(depth + 1, false);
    this.#files[name] = this.#text();
    this.#out = outer;
    this.#line(`source "${name}"`);
  }

  /** A second definition of an earlier symbol, mostly of the same type. */
  #again(): void {
    const random = this.#random;
    const again = this.#defined === 0 ? -1 : random.below(this.#defined);
    // Before 6.11 an entry outside of its choice changed a member in ways nobody meant.
    const strange = this.#classic && this.#symbols[again]?.member === true;
    if (again < 0 || strange) this.#config(false, false);
    else this.#entry(again, false, false, !random.chance(40));
  }

  #config(inChoice: boolean, menuconfig: boolean): void {
    if (this.#next >= this.#count) return;
    const i = this.#next++;
    const symbol = this.#symbols[i] as FuzzSymbol;
    if (inChoice) {
      symbol.member = true;
      if (this.#classic || !this.#random.chance(1)) symbol.type = this.#memberType();
    }
    this.#entry(i, inChoice, menuconfig, true);
    this.#defined = i + 1;
  }

  /** Members are bool, and in a tristate choice mostly tristate. */
  #memberType(): 'bool' | 'tristate' {
    return this.#classic && this.#random.chance(this.#choiceType === 'tristate' ? 85 : 15)
      ? 'tristate'
      : 'bool';
  }

  #entry(i: number, inChoice: boolean, menuconfig: boolean, typed: boolean): void {
    const random = this.#random;
    const symbol = this.#symbols[i] as FuzzSymbol;
    this.#line(`${menuconfig ? 'menuconfig' : 'config'} ${symbol.name}`);
    const type = random.chance(1) ? random.pick(TYPES) : symbol.type;
    if (this.#hasTransitional && typed && random.chance(inChoice || this.#blocks > 0 ? 1 : 12)) {
      this.#transitional(i, type);
      return;
    }
    const prompt = inChoice
      ? !random.chance(1)
      : menuconfig
        ? !random.chance(3)
        : random.chance(65);
    const lines: string[] = [];
    if (typed || inChoice) lines.push(...this.#typeLines(i, type, prompt, inChoice));
    else if (prompt && random.chance(50)) lines.push(`prompt "${this.#prompt(symbol.name)}"`);
    if (random.chance(35)) lines.push(this.#dependsOn(i));
    if (random.chance(8)) lines.push(this.#dependsOn(i));
    if (!inChoice || random.chance(1)) {
      for (let n = random.below(3); n > 0; n--)
        lines.push(`default ${this.#x.value(type, i)}${this.#if(i, 50)}`);
    }
    if (type === 'int' || type === 'hex' || random.chance(1)) {
      for (let n = random.below(3); n > 0; n--)
        lines.push(`range ${this.#x.bound(type, i)} ${this.#x.bound(type, i)}${this.#if(i, 50)}`);
    }
    if (type === 'bool' || type === 'tristate' || random.chance(3)) this.#targets(i, lines);
    if (this.#odd && lines.length > 1 && random.chance(30)) lines.push(lines.shift() as string);
    for (const line of lines) this.#line(`\t${line}`);
    if (random.chance(15)) this.#help();
    if (random.chance(70)) this.#line('');
  }

  /** An old name of a symbol: it takes a value a configuration has, and is not written again. */
  #transitional(i: number, type: FuzzSymbol['type']): void {
    const random = this.#random;
    const lines: string[] = [type, 'transitional'];
    if (random.chance(10)) lines.reverse();
    // Nothing else is allowed.
    if (random.chance(3)) lines.push(`default ${this.#x.value(type, i)}`);
    if (random.chance(2)) lines.push(this.#dependsOn(i));
    if (random.chance(2)) lines.push(`prompt "${this.#prompt('old')}"`);
    for (const line of lines) this.#line(`\t${line}`);
    if (random.chance(30)) this.#help();
    this.#line('');
  }

  #typeLines(i: number, type: FuzzSymbol['type'], prompt: boolean, inChoice: boolean): string[] {
    const random = this.#random;
    const name = (this.#symbols[i] as FuzzSymbol).name;
    const logical = type === 'bool' || type === 'tristate';
    if (logical && !inChoice && random.chance(20)) {
      const lines = [`def_${type} ${this.#x.value(type, i)}${this.#if(i, 30)}`];
      if (prompt) lines.push(`prompt "${this.#prompt(name)}"${this.#if(i, 30)}`);
      return lines;
    }
    if (!prompt) return [type];
    if (random.chance(15)) return [type, `prompt "${this.#prompt(name)}"${this.#if(i, 30)}`];
    const quote = this.#odd && random.chance(10) ? "'" : '"';
    return [`${type} ${quote}${this.#prompt(name)}${quote}${this.#if(i, 25)}`];
  }

  #targets(i: number, lines: string[]): void {
    const random = this.#random;
    for (let n = random.below(4) - 1; n > 0; n--) {
      const tame = this.#choiceStart === undefined ? i + 1 : this.#choiceStart + 9;
      const from = this.#wild && random.chance(20) ? 0 : tame;
      if (from >= this.#count) return;
      let target = from + random.below(this.#count - from);
      // Most targets are of a type that can be selected; the others are for the warnings.
      for (let tries = 0; tries < 6; tries++) {
        const { type } = this.#symbols[target] as FuzzSymbol;
        if (type === 'bool' || type === 'tristate') break;
        target = from + random.below(this.#count - from);
      }
      const name = random.chance(2) ? 'NOWHERE' : `S${target}`;
      lines.push(`${random.pick(['select', 'select', 'imply'])} ${name}${this.#if(i, 40)}`);
    }
  }

  #prompt(what: string): string {
    const { chance, pick } = { chance: (p: number) => this.#random.chance(p), pick: this.#random };
    if (!this.#odd || !chance(15)) return `${what} title`;
    return pick.pick([
      ` ${what}`,
      `${what} `,
      `a \\"${what}\\"`,
      `$(FUZZ_WORD) ${what}`,
      'ü',
      'a\\\\b',
    ]);
  }

  #help(): void {
    const random = this.#random;
    this.#out.push('\thelp');
    const indent = random.pick(['\t  ', '\t', '          ', '\t  ']);
    if (random.chance(20)) this.#out.push('');
    if (!random.chance(3)) this.#out.push(`${indent}Some text about it.`);
    if (random.chance(40))
      this.#out.push(`${indent}  More,  with blanks  `, '', `${indent}and an end.`);
    this.#out.push('');
  }
}
