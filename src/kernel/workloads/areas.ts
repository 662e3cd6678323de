import { inputError, type Span } from '../../input/index.ts';
import { type OpSpec, USER_OPS } from '../model/user-ops.ts';
import {
  type Address,
  iterations,
  type OpStatement,
  type Place,
  type SpawnStatement,
  type Statement,
  someStatement,
  type Workload,
} from './workload.ts';

/** Pages made by one execution of a statement that gives an address. */
interface Area {
  readonly name: string;
  readonly pages: number;
  readonly span: Span;
}

/** Whether an area is mapped: what is known when the program gets there. */
type Status =
  | { readonly mapped: 'yes' | 'unknown' }
  | { readonly mapped: 'no'; readonly since: Span };

/** What a variable is known to hold: a page of an area, from `min` to `max`, both included. */
interface Binding {
  readonly area: Area;
  readonly min: number;
  readonly max: number;
}

/** Statements looked at before the check gives up; a file that needs more is machine-made. */
const BUDGET = 100_000;

/**
 * Refuses what cannot work where that can be known: using more pages than a mapping has, unmapping twice,
 * touching what is no longer mapped without expecting SIGSEGV.
 *
 * An abstract run: each variable is known as a range of pages of one area. Loop bodies are run twice, for what the
 * first pass leaves behind; after a choice only what all arms agree on is known. What another thread
 * does to shared areas is not followed.
 */
export function checkAreas(workload: Workload): void {
  const shared = new Knowledge();
  const budget = { left: BUDGET };
  new Walk(shared, budget).statements(workload.setup);
  for (const kind of workload.threads) {
    const walk = new Walk(shared.copy(), budget);
    walk.statements(kind.setup);
    if (kind.background) walk.twice(kind.run);
    else walk.statements(kind.run);
  }
}

class Knowledge {
  readonly bindings: Map<string, Binding>;
  readonly status: Map<Area, Status>;

  constructor(bindings = new Map<string, Binding>(), status = new Map<Area, Status>()) {
    this.bindings = bindings;
    this.status = status;
  }

  /** A copy, without the areas no variable holds any more. */
  copy(): Knowledge {
    const status = new Map<Area, Status>();
    for (const { area } of this.bindings.values()) {
      const known = this.status.get(area);
      if (known !== undefined) status.set(area, known);
    }
    return new Knowledge(new Map(this.bindings), status);
  }

  /** Keeps only what holds in `other` as well. */
  meet(other: Knowledge): void {
    for (const [key, b] of this.bindings) {
      const o = other.bindings.get(key);
      if (o?.area !== b.area || o.min !== b.min || o.max !== b.max) this.bindings.delete(key);
    }
    for (const [area, status] of this.status) {
      if (other.status.get(area)?.mapped !== status.mapped) {
        this.status.set(area, { mapped: 'unknown' });
      }
    }
  }

  /** Whether `before`'s areas are as they were. */
  sameAs(before: Knowledge): boolean {
    return (
      [...before.status].every(([area, s]) => this.status.get(area)?.mapped === s.mapped) &&
      [...before.bindings].every(([key, b]) => this.bindings.get(key) === b)
    );
  }

  become(other: Knowledge): void {
    this.bindings.clear();
    this.status.clear();
    for (const [k, v] of other.bindings) this.bindings.set(k, v);
    for (const [k, v] of other.status) this.status.set(k, v);
  }
}

class Walk {
  readonly #know: Knowledge;
  readonly #budget: { left: number };

  constructor(know: Knowledge, budget: { left: number }) {
    this.#know = know;
    this.#budget = budget;
  }

  statements(body: readonly Statement[]): void {
    for (const s of body) {
      if (this.#budget.left-- <= 0) return;
      this.#statement(s);
    }
  }

  /** A loop body: once more if the first pass changed something the second can trip over. */
  twice(body: readonly Statement[]): void {
    const before = this.#know.copy();
    this.statements(body);
    this.#know.become(this.#know.copy());
    if (!this.#know.sameAs(before)) this.statements(body);
  }

  #statement(s: Statement): void {
    switch (s.kind) {
      case 'op':
        this.#op(s);
        break;
      case 'counted':
        this.statements(s.body);
        break;
      case 'spawn':
        this.#spawn(s);
        break;
      case 'repeat':
        this.#loop(s.times, s.body);
        break;
      case 'for': {
        const base = this.#lookup(s.of);
        const key = keyOf({ kind: 'frame', slot: s.slot });
        if (base === undefined) this.#know.bindings.delete(key);
        else {
          const last = (Math.ceil(s.pages / s.step) - 1) * s.step;
          this.#know.bindings.set(key, { area: base.area, min: base.min, max: base.max + last });
        }
        this.#loop(iterations(s), s.body);
        break;
      }
      case 'choose': {
        const outcomes = s.arms.map((arm) => {
          const know = this.#know.copy();
          new Walk(know, this.#budget).statements(arm.body);
          return know;
        });
        const [first, ...rest] = outcomes;
        if (first === undefined) return;
        for (const other of rest) first.meet(other);
        this.#know.become(first);
        break;
      }
      default:
    }
  }

  /** A child changes its own copy of memory; what a thread leaves behind is known only where it changes nothing. */
  #spawn(s: SpawnStatement): void {
    const know = this.#know.copy();
    new Walk(know, this.#budget).statements(s.body);
    // Nor does one that has begun a program of its own change its parent's memory.
    const own = s.how === 'fork' || someStatement(s.body, isExec);
    if (!own) this.#know.meet(know);
    if (s.as !== undefined) this.#know.bindings.delete(keyOf(s.as.place));
  }

  #loop(times: number, body: readonly Statement[]): void {
    if (times > 1) this.twice(body);
    else this.statements(body);
  }

  #op(s: OpStatement): void {
    if (isExec(s)) {
      for (const area of this.#know.status.keys()) {
        this.#know.status.set(area, { mapped: 'no', since: s.span });
      }
      return;
    }
    const spec: OpSpec = USER_OPS[s.op];
    const operand = (kind: string) => s.args[spec.params.findIndex((p) => p.kind === kind)];
    const given = operand('address');
    const at = typeof given === 'object' ? given : undefined;
    const pages = operand('pages');
    const count = typeof pages === 'number' ? pages : s.touches;
    if (at !== undefined && spec.returns) this.#remap(at);
    else if (at !== undefined) this.#use(s, at, count);
    if (s.as === undefined) return;
    if (spec.returns === 'file') {
      this.#know.bindings.delete(keyOf(s.as.place));
      return;
    }
    // What an operation gives has the pages it is told last: the new ones of a mapping that is resized.
    const size = s.args[spec.params.findLastIndex((p) => p.kind === 'pages')];
    this.#define(s, s.as.place, typeof size === 'number' ? size : grown(s));
  }

  /** Mapping at a given address makes some of an area, perhaps an unmapped one, mapped. */
  #remap(at: Address): void {
    const binding = this.#lookup(at);
    if (binding !== undefined) this.#know.status.set(binding.area, { mapped: 'unknown' });
  }

  #use(s: OpStatement, at: Address, count: number): void {
    const binding = this.#lookup(at);
    if (binding === undefined || s.segv) return;
    const { area } = binding;
    const status = this.#know.status.get(area);
    if (status?.mapped === 'no') {
      throw inputError(
        'not-mapped',
        `${s.op} of "${at.name}", which is no longer mapped`,
        at.span,
        `it was unmapped on line ${status.since.line}${s.touches > 0 && isTouch(s) ? '; write `segv: true` if SIGSEGV is meant' : ''}`,
      );
    }
    if (binding.min < 0 || binding.max + count > area.pages) {
      const past =
        binding.min < 0 ? `${-binding.min} before its start` : `up to page ${binding.max + count}`;
      throw inputError(
        'too-many-pages',
        `${s.op} of ${count} ${count === 1 ? 'page' : 'pages'} at "${at.name}" goes ${past}; ${area.name} has ${area.pages} (line ${area.span.line})`,
        at.span,
        isTouch(s) ? 'write `segv: true` if SIGSEGV is meant' : undefined,
      );
    }
    if (s.op !== 'munmap') return;
    const whole = binding.min === 0 && binding.max === 0 && count === area.pages;
    this.#know.status.set(area, whole ? { mapped: 'no', since: s.span } : { mapped: 'unknown' });
  }

  #define(s: OpStatement, place: Place, pages: number | undefined): void {
    const key = keyOf(place);
    if (pages === undefined) {
      this.#know.bindings.delete(key);
      return;
    }
    const area: Area = { name: s.op, pages, span: s.span };
    this.#know.bindings.set(key, { area, min: 0, max: 0 });
    this.#know.status.set(area, { mapped: 'yes' });
  }

  /** The pages an address can be; `undefined` where nothing is known. */
  #lookup(at: Address): Binding | undefined {
    const b = this.#know.bindings.get(keyOf(at.place));
    if (b === undefined || at.perIndex !== 0) return undefined;
    return { area: b.area, min: b.min + at.offset, max: b.max + at.offset };
  }
}

/** Pages `brk` adds: it gives the old end, from which they start. */
function grown(s: OpStatement): number | undefined {
  const by = s.args[0];
  return s.op === 'brk' && typeof by === 'number' && by > 0 ? by : undefined;
}

function isExec(s: Statement): boolean {
  return s.kind === 'op' && s.op === 'execve';
}

function isTouch(s: OpStatement): boolean {
  const params: OpSpec['params'] = USER_OPS[s.op].params;
  return params.length === 1;
}

function keyOf(place: Place): string {
  return `${place.kind}${place.kind === 'frame' ? place.slot : place.index}`;
}
