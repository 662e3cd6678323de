import type { Configuration } from '../preprocess/configuration.ts';
import type { Body } from '../surface/surface.ts';
import type { ApiKind } from './facts.ts';
import type { Place } from './observe.ts';

/** A configuration a file is checked in. */
export interface CheckCell extends Configuration {
  readonly id: string;
}

/**
 * What an API is in a configuration. `absent`: not declared, the compiler stops; `misfit`: called with other arguments
 * than it takes, or given a function of another type than it wants, or defined by a header as well; `unlinked`: declared, but nothing that is built defines it; `unexported`: not for modules, or not for
 * this one.
 */
export type ApiState = 'real' | 'stub' | 'absent' | 'misfit' | 'unlinked' | 'unexported';

/** An API in one configuration. */
export interface ApiCell {
  readonly state: ApiState;
  readonly body: Body;
  readonly stub: string | null;
  readonly signature: string | null;
  /** Another signature than in the first configuration that has one. */
  readonly changed: boolean;
  /** Where the file uses it here; empty where its own conditionals leave it out. */
  readonly places: readonly Place[];
  /** The file cannot be built, or not be loaded, because of it. */
  readonly breaks: boolean;
  /** One sentence, where there is something to say. */
  readonly reason: string | null;
}

/** A name a file takes from the tree, in every configuration. */
export interface Api {
  readonly name: string;
  readonly kind: ApiKind;
  /** Where it is declared; null where no configuration has it. */
  readonly file: string | null;
  readonly line: number | null;
  /** In the order of the configurations. */
  readonly cells: readonly ApiCell[];
}

/** A file that was checked. */
export interface CheckedFile {
  readonly file: string;
  /** Sorted by kind and name. */
  readonly apis: readonly Api[];
  /** Parts of the file the grammar could not read. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}
