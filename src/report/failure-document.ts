import type {
  Failure,
  HungOutcome,
  OopsOutcome,
  RefusedOutcome,
  StoppedThread,
  WaitFor,
} from '../kernel/index.ts';
import { type Block, bullets, code, heading, type Line, numbered, paragraph } from './document.ts';
import { count } from './words.ts';

/** One line: what went wrong, and where. */
export function failureSentence(failure: Failure): string {
  const { cpus, run, part } = failure;
  const when = `${part === 'setup' ? 'setup of run' : 'run'} ${run} on ${count(cpus, 'CPU')}`;
  switch (failure.kind) {
    case 'oops': {
      const { thread } = failure;
      return `${bugText(failure)} in ${thread.routine}.${thread.label}, thread ${thread.name} (${when})`;
    }
    case 'hung':
      return `${failure.threads.map((t) => `${t.name} waits for ${t.waits_for.text}${heldBy(t.waits_for)}`).join('; ')} (${when})`;
    default:
      return `${refusalText(failure)}, ${failure.file}:${failure.line}:${failure.column} (${when})`;
  }
}

/** What the kernel said to an operation. */
export function refusalText({ kind, op, error }: RefusedOutcome): string {
  return kind === 'unsupported'
    ? `${op} gives ${error}: this kernel does not have it`
    : `${op} gives ${error}, which the workload does not expect`;
}

/** How a workload failed, in the manner of the kernel's own reports. */
export function failureBlocks(failure: Failure): Block[] {
  switch (failure.kind) {
    case 'oops':
      return oopsBlocks(failure);
    case 'hung':
      return hungBlocks(failure);
    default:
      return [heading(2, TITLES[failure.kind]), paragraph(`${failureSentence(failure)}.`)];
  }
}

const TITLES = { unsupported: 'Unsupported', refused: 'Refused' } as const;

function oopsBlocks(failure: OopsOutcome): Block[] {
  const { thread } = failure;
  return [
    heading(2, 'Oops'),
    paragraph('The modelled kernel crashed, so there are no figures.'),
    bullets([
      [bugText(failure)],
      ['In ', code(`${thread.routine}.${thread.label}`)],
      threadLine(thread),
      placeLine(failure),
    ]),
    ...traceBlocks(thread),
  ];
}

function hungBlocks(failure: HungOutcome): Block[] {
  return [
    heading(2, 'Hung'),
    paragraph('The workload never ends, so there are no figures.'),
    bullets([placeLine(failure)]),
    ...failure.threads.flatMap((thread) => [
      heading(3, `${thread.name} waits for ${thread.waits_for.text}${heldBy(thread.waits_for)}`),
      bullets([['In ', code(`${thread.routine}.${thread.label}`)], threadLine(thread)]),
      ...traceBlocks(thread),
    ]),
  ];
}

function bugText({ bug, address, field }: OopsOutcome): string {
  const at = address === null ? '' : `, address ${address}`;
  return `${bug}${at}${field === null ? '' : ` (${field})`}`;
}

function heldBy({ holders }: WaitFor): string {
  const [first, ...more] = holders;
  if (first === undefined) return '';
  const others = more.map(({ name }) => `, ${name}`).join('');
  return ` by ${first.name} (thread ${first.tid})${others}`;
}

function threadLine({ tid, name, at }: StoppedThread): Line {
  return [`Thread ${tid}, `, code(name), ...(at === null ? [] : [' at ', code(at)])];
}

function placeLine({ cpus, run, part }: Failure): Line {
  return [
    `CPUs ${cpus}, run ${run}, ${part === 'setup' ? 'in the setup' : 'in the measured part'}`,
  ];
}

function traceBlocks({ trace }: StoppedThread): Block[] {
  return [
    paragraph('Call chain, innermost first:'),
    numbered(trace.map(({ routine, label }): Line => [code(`${routine}.${label}`)])),
  ];
}
