import { toJson } from '../../../input/index.ts';
import { MUTANTS } from '../../../kernel/index.ts';
import {
  verdictJson,
  verdictText,
  verificationMarkdown,
  verificationText,
} from '../../../report/index.ts';
import type { Command, Context } from '../../command.ts';
import { formatOption, textOptions } from '../../format.ts';
import { exit } from '../../io.ts';
import { DEFAULT_EDITION, optionSetOptions } from '../../option-source.ts';
import { outOption, writeRemark, writeResult } from '../../output.ts';
import { userPath } from '../../paths.ts';
import { answersTo, answerTo, forReport, shippedQuestions } from './answers.ts';
import { kernelsOf } from './kernel-of.ts';
import { questionOf, questionOptions } from './question.ts';
import { replayFile } from './replaying.ts';

/** `kmatrix verify`: asks the model checker. */
export const verifyCommand: Command = {
  name: 'verify',
  usage: '',
  description: [
    'Runs the model’s own routines in every order threads can take: readers that look a VMA up and writers ' +
      'that change the address space. Says whether the property holds, and shows a shortest schedule where it does ' +
      'not. Exit code 0: holds; 1: violated or not decided.',
    'Interleavings are sequentially consistent; what else is assumed is printed with every verdict.',
  ],
  arity: [0, 0],
  options: {
    ...formatOption('term', 'json', 'md'),
    ...outOption,
    edition: { ...optionSetOptions.edition, description: 'Edition of the kernel. Default: v7.0.' },
    set: optionSetOptions.set,
    ...questionOptions,
    all: { type: 'boolean', description: 'Answer all questions of matrices/verify.yaml.' },
    questions: { type: 'string', value: 'FILE', description: 'Answer all questions of this file.' },
    jobs: {
      type: 'string',
      value: 'N',
      description: 'With --all or --questions: questions at a time. Default: one per processor.',
    },
    'list-mutants': { type: 'boolean', description: 'List the safeguards --mutate can leave out.' },
    replay: {
      type: 'string',
      value: 'FILE',
      description: 'Walk the trace of a verdict written with --format json again, step by step.',
    },
  },
  examples: [
    ['kmatrix verify --lookup wait --property killable', 'Can a waiting lookup be killed?'],
    ['kmatrix verify --lookup wait --property retries --ops forever', 'Is its loop bounded?'],
    [
      'kmatrix verify --lookup unlocked --property deadlock --holding vma',
      'With a VMA held before.',
    ],
    ['kmatrix verify --all --format md', 'All questions of the series, as a section of a report.'],
  ],
  run: async (context) => {
    const { args } = context;
    if (args.has('list-mutants')) {
      const width = Math.max(...MUTANTS.map((m) => m.name.length));
      const lines = MUTANTS.map((m) => `${m.name.padEnd(width)}  ${m.drops}\n`);
      writeResult(context, lines.join(''));
      return exit.done;
    }
    const file = args.text('replay');
    if (file !== undefined) {
      const { text, same } = await replayFile(userPath(file, context.io), kernelsOf(args));
      writeResult(context, text);
      return same ? exit.done : exit.no;
    }
    return args.has('all') || args.has('questions') ? answerAll(context) : answerOne(context);
  },
};

async function answerOne(context: Context): Promise<number> {
  const { args } = context;
  const edition = args.text('edition') ?? DEFAULT_EDITION;
  const v = await answerTo({ edition, question: questionOf(args) }, kernelsOf(args));
  const format = args.text('format') ?? 'term';
  if (format === 'json') writeResult(context, toJson(verdictJson(v)));
  else if (format === 'md') {
    writeResult(context, verificationMarkdown(forReport([{ title: v.what, verdicts: [v] }])));
  } else writeResult(context, verdictText(v));
  return v.verdict === 'holds' ? exit.done : exit.no;
}

/** Answers the questions of a file. Done is done: a property that is violated is an answer, too. */
async function answerAll(context: Context): Promise<number> {
  const { args, io } = context;
  const given = args.text('questions');
  const path = given === undefined ? shippedQuestions() : userPath(given, io);
  const groups = await answersTo(path, kernelsOf(args), context);
  const format = args.text('format') ?? 'term';
  if (format === 'json') {
    const all = groups.map((g) => ({ title: g.title, verdicts: g.verdicts.map(verdictJson) }));
    writeResult(context, toJson({ schemaVersion: 1, groups: all }));
  } else if (format === 'md') writeResult(context, verificationMarkdown(forReport(groups)));
  else writeResult(context, verificationText(forReport(groups), textOptions(context)));
  const open = groups.flatMap((g) => g.verdicts).filter((v) => v.verdict === 'undecided');
  if (open.length > 0) writeRemark(io, `${open.length} questions were not decided`);
  return open.length > 0 ? exit.no : exit.done;
}
