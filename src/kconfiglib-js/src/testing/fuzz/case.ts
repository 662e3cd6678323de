/** One run of `conf`: what lies in its directory, how it is called, and what it is answered. */
export interface FuzzCase {
  /** Files by name, the top one being `Kconfig`. */
  files: Record<string, string>;
  /** Arguments before the name of the Kconfig file. */
  args: string[];
  env: Record<string, string>;
  stdin: string;
}
