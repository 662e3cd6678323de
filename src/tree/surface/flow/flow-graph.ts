import type { SyntaxNode } from '../../c/parser.ts';

/** A step of a function: an expression that is carried out, or a test that chooses where it goes on. */
export interface Step {
  /** What is carried out; undefined where nothing is. */
  readonly code: SyntaxNode | undefined;
  readonly kind: 'plain' | 'test' | 'return';
  /** Where it goes on; of a test first where it holds, then where it does not. */
  readonly next: number[];
}

/** The end of a function, whatever way it is left. */
export const END = 0;

/** Where `break` and `continue` lead. */
interface Targets {
  readonly leave: number;
  readonly again: number;
}

/** The steps of a function and the ways between them, those of all that its conditionals may leave. */
export class FlowGraph {
  readonly steps: Step[] = [{ code: undefined, kind: 'plain', next: [] }];
  readonly entry: number;
  readonly #labels = new Map<string, number>();

  constructor(body: SyntaxNode) {
    this.entry = this.#statement(body, END, { leave: END, again: END });
  }

  #step(kind: Step['kind'], code: SyntaxNode | undefined, ...next: number[]): number {
    return this.steps.push({ code, kind, next }) - 1;
  }

  /** Statements one after the other, the last of them followed by a step. */
  #sequence(list: readonly SyntaxNode[], next: number, targets: Targets): number {
    return list.reduceRight((after, one) => this.#statement(one, after, targets), next);
  }

  #statement(node: SyntaxNode, next: number, targets: Targets): number {
    const child = (name: string): SyntaxNode | undefined =>
      node.childForFieldName(name) ?? undefined;
    const inner = (one: SyntaxNode | undefined, after: number, own = targets): number =>
      one ? this.#statement(one, after, own) : after;
    switch (node.type) {
      case 'comment':
        return next;
      case 'if_statement': {
        const holds = inner(child('consequence'), next);
        return this.#test(child('condition'), holds, inner(child('alternative'), next));
      }
      case 'while_statement':
      case 'do_statement': {
        const head = this.#step('plain', undefined);
        const own = { leave: next, again: head };
        const body = inner(child('body'), head, own);
        this.#goOn(head, this.#test(child('condition'), body, next));
        return node.type === 'do_statement' ? body : head;
      }
      case 'for_statement': {
        const head = this.#step('plain', undefined);
        const update = this.#step('plain', child('update'), head);
        const body = inner(child('body'), update, { leave: next, again: update });
        this.#goOn(head, this.#test(child('condition'), body, next));
        return inner(child('initializer'), head);
      }
      case 'switch_statement': {
        const head = this.#step('plain', child('condition'));
        const body = child('body');
        const own = { leave: next, again: targets.again };
        let hasDefault = false;
        const all = (body?.namedChildren ?? []).filter((one) => one !== null);
        all.reduceRight((after, one) => {
          const entry = this.#statement(one, after, own);
          if (one.type !== 'case_statement') return entry;
          hasDefault ||= one.childForFieldName('value') === null;
          this.#goOn(head, entry);
          return entry;
        }, next);
        if (!hasDefault) this.#goOn(head, next);
        return head;
      }
      case 'case_statement': {
        const value = child('value');
        const rest = node.namedChildren.filter((one) => one !== null && one.id !== value?.id);
        return this.#sequence(rest as SyntaxNode[], next, targets);
      }
      case 'labeled_statement': {
        const label = this.#label(child('label')?.text ?? '');
        const rest = node.namedChildren.filter((one) => one?.type !== 'statement_identifier');
        this.#goOn(label, this.#sequence(rest as SyntaxNode[], next, targets));
        return label;
      }
      case 'goto_statement':
        return this.#label(child('label')?.text ?? '');
      case 'break_statement':
        return targets.leave;
      case 'continue_statement':
        return targets.again;
      case 'return_statement':
        return this.#step('return', node, END);
      case 'preproc_if':
      case 'preproc_ifdef':
      case 'preproc_elif':
      case 'preproc_elifdef': {
        const other = child('alternative');
        const told = new Set([child('condition')?.id, child('name')?.id, other?.id]);
        const own = node.namedChildren.filter((one) => one !== null && !told.has(one.id));
        const first = this.#sequence(own as SyntaxNode[], next, targets);
        return this.#step('plain', undefined, first, inner(other, next));
      }
      case 'compound_statement':
      case 'else_clause':
      case 'preproc_else':
      case 'ERROR':
        return this.#sequence(node.namedChildren as SyntaxNode[], next, targets);
      default:
        return node.type.startsWith('preproc') ? next : this.#step('plain', node, next);
    }
  }

  /** A test, taken apart where it need not be carried out as a whole. */
  #test(node: SyntaxNode | undefined, holds: number, fails: number): number {
    if (!node) return holds;
    const [first] = node.namedChildren;
    if (node.type === 'parenthesized_expression' && first && node.namedChildCount === 1) {
      return this.#test(first, holds, fails);
    }
    const operator = node.childForFieldName('operator')?.text;
    if (node.type === 'unary_expression' && operator === '!') {
      return this.#test(node.childForFieldName('argument') ?? undefined, fails, holds);
    }
    if (node.type === 'binary_expression' && (operator === '&&' || operator === '||')) {
      const [left, right] = ['left', 'right'].map(
        (name) => node.childForFieldName(name) ?? undefined,
      );
      const second = this.#test(right, holds, fails);
      return operator === '&&' ? this.#test(left, second, fails) : this.#test(left, holds, second);
    }
    return this.#step('test', node, holds, fails);
  }

  #label(name: string): number {
    const known = this.#labels.get(name) ?? this.#step('plain', undefined);
    this.#labels.set(name, known);
    return known;
  }

  #goOn(step: number, next: number): void {
    this.steps[step]?.next.push(next);
  }
}
