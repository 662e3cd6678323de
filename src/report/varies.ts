import type {
  FallbackEntry,
  FunctionEntry,
  NameEntry,
  NameKind,
  Report,
  StructLayout,
} from './model.ts';

/** How a function's entry reads: `real`, `absent`, `stub: returns NULL`. */
export function stateText(entry: FunctionEntry | undefined): string {
  if (!entry || entry.state === 'absent') return 'absent';
  return entry.state === 'stub' ? `stub: ${entry.stub}` : 'real';
}

/**
 * What a kernel has of a name: the value of a constant, where it is known. Of an option only whether it is defined: its
 * value and the reason for it are told where options are.
 */
export function nameText(kind: NameKind, entry: NameEntry | null | undefined): string {
  if (kind === 'option') return entry ? 'defined' : 'not defined';
  return entry ? (entry.value ?? 'present') : 'absent';
}

/** Whether the values a row holds for its kernels are not all the same. */
export function varies<T>(
  kernels: Readonly<Record<string, T>>,
  text: (value: T) => string,
): boolean {
  const seen = new Set(Object.values(kernels).map(text));
  return seen.size > 1;
}

/** Whether a fallback is taken, in one word; `none` where the kernel has no such fallback. */
export function takenText(taken: FallbackEntry['taken'] | null | undefined): string {
  return taken ?? 'none';
}

/** A field as `struct.field` with its presence in each kernel. */
export interface FieldPresence {
  readonly struct: string;
  readonly field: string;
  /** `null` where the kernel lacks the field or the whole structure. */
  readonly kernels: Readonly<Record<string, string | null>>;
}

/** Fields of any structure that some kernels have and others lack or type differently. */
export function fieldsThatVary(report: Report): FieldPresence[] {
  return report.surface.structs.flatMap(({ name, kernels }) => {
    const layouts = Object.values(kernels);
    const fields = new Set(layouts.flatMap((layout) => fieldNames(layout)));
    return [...fields]
      .map((field) => ({
        struct: name,
        field,
        kernels: Object.fromEntries(
          Object.entries(kernels).map(([id, layout]) => [
            id,
            layout?.fields.find((candidate) => candidate.name === field)?.type ?? null,
          ]),
        ),
      }))
      .filter((presence) => varies(presence.kernels, (type) => type ?? ''));
  });
}

function fieldNames(layout: StructLayout | null): string[] {
  return layout ? layout.fields.map(({ name }) => name) : [];
}
