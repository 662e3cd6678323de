/** One run of `conf`: what lies in its directory, how it is called, and what it is answered. */
export interface FuzzCase {
  /** Files by name, the top one being `Kconfig`. */
  files: Record<string, string>;
  /** Arguments before the name of the Kconfig file. */
  args: string[];
  env: Record<string, string>;
  stdin: string;
  /** Further runs in the same directory, with the same environment and answers. */
  later?: readonly FuzzStep[];
}

/** A run after the first one. */
export interface FuzzStep {
  args: string[];
  /** Files laid into the directory before it. */
  files: Record<string, string>;
  /** Mark the empty files below include/config before it, so that those touched by it can be told. */
  mark?: boolean;
}
