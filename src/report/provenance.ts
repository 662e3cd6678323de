import type { Provenance } from './model.ts';

/** What each section's figures rest on, said once per report so that no figure travels without it. */
export function provenanceOf(profile: string): Provenance[] {
  const modelled = (section: Provenance['section'], statement: string): Provenance => ({
    section,
    basis: 'modelled',
    statement,
  });
  return [
    {
      section: 'options',
      basis: 'resolved',
      statement: 'Values and reasons as Kconfig resolves them from the files named with each cell.',
    },
    modelled('surface', 'What the simulated kernel registered; no header was compiled.'),
    modelled(
      'structs',
      'Bytes as the model lays its own fields out for the target; no compiler was asked.',
    ),
    modelled(
      'fallbacks',
      'Counted in the first run at the first CPU count of each workload, in the simulation.',
    ),
    modelled(
      'workloads',
      'Counter deltas of the first run at the first CPU count, in the simulation.',
    ),
    modelled(
      'performance',
      `Simulated time from the cost profile ${profile}: modelled, not measured. No timing of a real kernel has been compared with it.`,
    ),
  ];
}
