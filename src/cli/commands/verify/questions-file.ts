import { inputError, parseYaml, readText, type YamlNode } from '../../../input/index.ts';
import { DEFAULT_QUESTION, MUTANTS, QUESTION_WORDS, type Question } from '../../../kernel/index.ts';
import { checked } from './question.ts';

/** A question about one edition. */
export interface Asked {
  readonly edition: string;
  readonly question: Question;
}

/** Questions under one heading. */
export interface AskedGroup {
  readonly title: string;
  readonly asked: readonly Asked[];
}

const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(QUESTION_WORDS).map(([key, words]) => [key, Object.keys(words)] as const),
  ['mutate', MUTANTS.map((m) => m.name)],
]);
const NUMBERS = ['readers', 'writers', 'vmas', 'lookups'] as const;

/**
 * Reads a file of questions: groups with a title, each with entries whose keys have a value or a list of values; lists stand for
 * every combination.
 */
export function readQuestions(path: string, editionOf: (name: string) => unknown): AskedGroup[] {
  const root = parseYaml(readText(path, 'file of questions'), path);
  root.onlyKeys(['name', 'description', 'groups']);
  return root
    .require('groups')
    .items()
    .map((group) => {
      group.onlyKeys(['title', 'questions']);
      const questions = group.require('questions').items();
      return {
        title: group.require('title').asString(),
        asked: questions.flatMap((entry) => expanded(entry, editionOf)),
      };
    });
}

function expanded(entry: YamlNode, editionOf: (name: string) => unknown): Asked[] {
  entry.onlyKeys(['edition', 'ops', ...WORDS.keys(), ...NUMBERS]);
  entry.require('edition');
  let all: Record<string, string | number>[] = [{}];
  for (const [key, node] of entry.entries()) {
    const nodes = node.kind === 'seq' ? node.items() : [node];
    const values = nodes.map((value) => wordOf(key, value));
    all = all.flatMap((made) => values.map((value) => ({ ...made, [key]: value })));
  }
  return all.map(({ edition, ...rest }) => {
    editionOf(String(edition));
    const question = checked({ ...DEFAULT_QUESTION, ...rest } as Question);
    return { edition: String(edition), question };
  });
}

function wordOf(key: string, node: YamlNode): string | number {
  if (key === 'edition') return node.asString();
  if (key === 'ops') {
    return node.asScalarText() === 'forever'
      ? Number.POSITIVE_INFINITY
      : node.asInteger({ min: 0, max: 1000 });
  }
  if ((NUMBERS as readonly string[]).includes(key)) return node.asInteger({ min: 0, max: 12 });
  const word = node.asString();
  const known = WORDS.get(key) ?? [];
  if (known.includes(word)) return word;
  throw inputError(
    'usage',
    `${key}: no such word "${word}"`,
    node.span,
    `there are: ${known.join(', ')}`,
  );
}
