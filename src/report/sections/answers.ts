import { type Block, bullets, heading, paragraph } from '../document.ts';
import type { Report } from '../model.ts';

/** The key questions with their evidence, and what would change each answer. */
export function answersSection({ answers }: Report): Block[] {
  if (answers.length === 0) return [];
  return [
    heading(2, 'Key questions'),
    ...answers.flatMap(({ question, answer, sentences, changes }) => [
      heading(3, question),
      paragraph({ strong: 'Answer:' }, ` ${answer}`),
      bullets(sentences.map((sentence) => [sentence])),
      ...(changes.length === 0
        ? []
        : [
            paragraph({ strong: 'What would change this answer:' }),
            bullets(changes.map((sentence) => [sentence])),
          ]),
    ]),
  ];
}
