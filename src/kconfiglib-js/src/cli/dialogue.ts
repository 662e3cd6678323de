import { choose } from '../eval/choice.ts';
import { choiceOfId, isSettled, wantedMode } from '../eval/classic-choice.ts';
import { NO_TEXT } from '../eval/text-value.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { type Node, P, type Sym, TYPE } from '../menu/model.ts';
import { assignChoice, assignText, assignTristate, withinRange } from './assign.ts';
import { Exit } from './io.ts';
import { isVisible } from './list-new.ts';
import type { Session } from './session.ts';
import { extendedHelp } from './symbol-help.ts';

/** Leading and trailing blanks, as C's isspace has them. */
const BLANKS = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

/**
 * The line-oriented dialogue. `askAll` is oldaskconfig: every visible entry is asked. Otherwise only new ones are, menu
 * by menu, until nothing new turns up.
 */
export class Dialogue {
  readonly #session: Session;
  #askAll: boolean;
  #indent = 1;
  #root: Node;
  #restarts = 0;
  /** The last line read, with its newline. */
  #line = '';
  #ended = false;

  constructor(session: Session, askAll: boolean) {
    this.#session = session;
    this.#askAll = askAll;
    this.#root = session.kconfig.tree.root;
  }

  run(): void {
    const { root } = this.#session.kconfig.tree;
    if (this.#askAll) {
      this.#ask(root);
      this.#askAll = false;
    }
    do {
      this.#restarts = 0;
      this.#findNew(root);
    } while (this.#restarts > 0);
  }

  #print(text: string): void {
    this.#session.io.stdout(text);
  }

  #findNew(node: Node): void {
    if (!isVisible(this.#session, node)) return;
    const { sym } = node;
    if (sym && !this.#hasValue(sym) && this.#changeable(sym)) {
      if (this.#restarts++ === 0) this.#print('*\n* Restart config...\n*\n');
      this.#root = this.#menuAround(node);
      this.#ask(this.#root);
    }
    for (let child = node.list; child; child = child.next) this.#findNew(child);
  }

  #menuAround(node: Node): Node {
    let at = node;
    while (at.parent && at.prompt?.kind !== P.MENU) at = at.parent;
    return at;
  }

  #ask(node: Node): void {
    if (!isVisible(this.#session, node)) return;
    const { sym, prompt } = node;
    if (prompt && (prompt.kind === P.MENU || prompt.kind === P.COMMENT)) {
      if (prompt.kind === P.MENU && !this.#askAll && this.#root !== node) {
        this.#findNew(node);
        return;
      }
      const star = '*'.padStart(this.#indent);
      this.#print(`${star}\n${star} ${prompt.text}\n${star}\n`);
    }
    if (sym?.isChoice) {
      this.#askChoice(node, sym);
      return;
    }
    if (sym) {
      if (sym.type >= TYPE.INT) this.#askText(node, sym);
      else this.#askTristate(node, sym);
      this.#indent += 2;
    }
    for (let child = node.list; child; child = child.next) this.#ask(child);
    if (sym) this.#indent -= 2;
  }

  /** Show the value and read an answer; false if there is nothing to answer. */
  #answer(sym: Sym, value: string): boolean {
    if (!this.#hasValue(sym)) this.#print('(NEW) ');
    this.#line = '\n';
    if (!this.#changeable(sym) || (!this.#askAll && this.#hasValue(sym))) {
      this.#print(`${value}\n`);
      return false;
    }
    this.#read();
    return true;
  }

  #read(): void {
    const { io } = this.#session;
    const line = this.#ended ? undefined : io.readLine();
    if (line === undefined || !line.endsWith('\n')) this.#ended = true;
    if (line === undefined) io.stderr('\nError in reading or end of file.\n');
    else this.#line = line;
    if (!io.tty()) this.#print(this.#line);
  }

  #askText(node: Node, sym: Sym): void {
    for (;;) {
      const value = this.#session.config.valueOf(sym.id);
      const shown = value === NO_TEXT && sym.type !== TYPE.STRING ? '' : `[${value}] `;
      this.#print(`${' '.repeat(this.#indent - 1)}${node.prompt?.text} (${sym.name}) ${shown}`);
      if (!this.#answer(sym, value)) return;
      let given: string | undefined = value;
      if (this.#line === '?\n') {
        this.#help(node);
        given = undefined;
      } else if (this.#line !== '\n') given = this.#line.slice(0, -1);
      if (given !== undefined && assignText(this.#session, sym, given)) return;
      if (this.#ended) {
        const message = `error: no value for new symbol '${sym.name}' at end of input`;
        this.#session.io.stderr(`\n${message}\n`);
        throw new Exit(1);
      }
    }
  }

  #askTristate(node: Node, sym: Sym): void {
    for (;;) {
      const value = this.#session.config.evaluator.tri[sym.id] as number;
      let text = `${' '.repeat(this.#indent - 1)}${node.prompt?.text} ${sym.isChoice ? '' : `(${sym.name}) `}[${'NMY'[value]}`;
      for (const other of [NO, MOD, YES]) {
        if (other !== value && withinRange(this.#session, sym, other)) text += `/${'nmy'[other]}`;
      }
      this.#print(`${text}/?] `);
      if (!this.#answer(sym, 'nmy'[value] as string)) return;
      const answer = tristateAnswer(this.#line.replace(BLANKS, ''), value);
      if (answer === 'again') continue;
      if (answer !== 'help' && assignTristate(this.#session, sym, answer)) return;
      this.#help(node);
    }
  }

  /** Whether one member is to be chosen. A choice of the superset that need not be y is asked first what it should be. */
  #askMode(node: Node, choice: Sym): boolean {
    const { evaluator } = this.#session.config;
    if (!evaluator.program.classic) return true;
    evaluator.calc(choice.id);
    const { visible, rev } = evaluator;
    if ((visible[choice.id] as number) > (rev[choice.id] as number)) {
      this.#askTristate(node, choice);
      evaluator.calc(choice.id);
    }
    if (evaluator.tri[choice.id] === MOD) {
      this.#indent += 2;
      for (let child = node.list; child; child = child.next) this.#ask(child);
      this.#indent -= 2;
    }
    return evaluator.tri[choice.id] === YES;
  }

  #askChoice(node: Node, choice: Sym): void {
    const { evaluator } = this.#session.config;
    const index = evaluator.program.choices.findIndex((c) => c.id === choice.id);
    const program = evaluator.program.choices[index];
    if (!program || !this.#askMode(node, choice)) return;
    let isNew = false;
    for (;;) {
      this.#print(`${' '.repeat(this.#indent - 1)}${node.prompt?.text}\n`);
      const chosen = choose(evaluator, program, index);
      const members: Node[] = [];
      let preset = 0;
      this.#line = '';
      for (let child = node.list; child; child = child.next) {
        if (!isVisible(this.#session, child)) continue;
        if (!child.sym) {
          this.#print(`${'*'.padStart(this.#indent)} ${child.prompt?.text}\n`);
          continue;
        }
        members.push(child);
        if (child.sym.id === chosen) preset = members.length;
        const mark = (child.sym.id === chosen ? '>' : ' ').padStart(this.#indent);
        const fresh = !this.#hasValue(child.sym);
        isNew ||= fresh;
        this.#print(
          `${mark} ${members.length}. ${child.prompt?.text} (${child.sym.name})${fresh ? ' (NEW)' : ''}\n`,
        );
      }
      this.#print(`${' '.repeat(this.#indent - 1)}choice`);
      const number = this.#choiceNumber(node, members.length, preset, isNew);
      const member = number === undefined ? undefined : members[number - 1];
      if (!member?.sym) continue;
      if (this.#line.endsWith('?')) {
        this.#help(member);
        continue;
      }
      assignChoice(this.#session, program, index, member.sym.id);
      return;
    }
  }

  /** The number answered, or undefined to ask again. */
  #choiceNumber(node: Node, count: number, preset: number, isNew: boolean): number | undefined {
    if (count === 1) {
      this.#print('[1]: 1\n');
      return 1;
    }
    this.#print(`[1-${count}?]: `);
    if (!this.#askAll && !isNew) {
      this.#print(`${preset}\n`);
      return preset;
    }
    this.#read();
    this.#line = this.#line.replace(BLANKS, '');
    if (this.#line.startsWith('?')) {
      this.#help(node);
      return undefined;
    }
    if (this.#line === '') return preset;
    return /^[0-9]/.test(this.#line) ? Number.parseInt(this.#line, 10) : undefined;
  }

  #help(node: Node): void {
    this.#print(`\n${extendedHelp(this.#session, node)}\n`);
  }

  #hasValue(sym: Sym): boolean {
    const { evaluator } = this.#session.config;
    if (sym.isChoice && evaluator.program.classic) {
      const choice = choiceOfId(evaluator.program, sym.id);
      return (
        choice !== undefined && wantedMode(evaluator, sym.id) !== 0 && isSettled(evaluator, choice)
      );
    }
    return evaluator.user[sym.id] !== 0;
  }

  #changeable(sym: Sym): boolean {
    const { visible, rev, program } = this.#session.config.evaluator;
    return (
      (!sym.isChoice || program.classic) && (visible[sym.id] as number) > (rev[sym.id] as number)
    );
  }
}

/** What an answer means: a value, the value as it is for an empty one, or a wish for help. */
function tristateAnswer(text: string, value: number): number | 'again' | 'help' {
  switch (text[0]) {
    case undefined:
      return value;
    case 'n':
    case 'N':
      return text.length === 1 || text.slice(1) === 'o' ? NO : 'again';
    case 'm':
    case 'M':
      return text.length === 1 ? MOD : 'again';
    case 'y':
    case 'Y':
      return text.length === 1 || text.slice(1) === 'es' ? YES : 'again';
    case '?':
      return 'help';
    default:
      return 'again';
  }
}
