import { DEFAULT_QUESTION, editionNamed, type Question, verify } from '../../kernel/index.ts';
import { reportVerdict, type VerificationGroup } from '../../report/index.ts';

const OPTIONS: Readonly<Record<string, string>> = {
  '64BIT': 'y',
  X86_64: 'y',
  SMP: 'y',
  MMU: 'y',
  NR_CPUS: '512',
  PER_VMA_LOCK: 'y',
};

/** Answers of the model checker with traces of each form: one that ends in a crash, one that goes round, and one that holds. */
export function someVerdicts(): VerificationGroup[] {
  return [
    {
      title: 'Is what a lookup returns what was asked for?',
      verdicts: [
        ask({ lookup: 'unlocked-as-posted', write: 'unmap' }),
        ask({ lookup: 'mmap_lock' }),
      ],
    },
    {
      title: 'Does it deadlock when the caller holds a lock already?',
      verdicts: [ask({ lookup: 'wait', property: 'deadlock', holding: 'vma' })],
    },
    {
      title: 'How often does it try again?',
      verdicts: [ask({ lookup: 'wait', property: 'retries', ops: Number.POSITIVE_INFINITY })],
    },
  ];
}

function ask(asked: Partial<Question>) {
  const edition = editionNamed('v7.0');
  if (edition === undefined) throw new Error('there is no v7.0');
  const config = { get: (name: string) => OPTIONS[name] ?? '' };
  return reportVerdict(verify(edition, config, { ...DEFAULT_QUESTION, ...asked }));
}
