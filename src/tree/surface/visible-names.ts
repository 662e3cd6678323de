/** Names of macros, and the files in which each can be meant. */
export class VisibleNames {
  readonly #scopes = new Map<string, Set<string>>();

  /** A name that is defined in a file. */
  add(name: string, file: string): void {
    const scopes = this.#scopes.get(name);
    if (scopes) scopes.add(scopeOf(file));
    else this.#scopes.set(name, new Set([scopeOf(file)]));
  }

  /** Can a name in a file be one of these. */
  isIn(name: string, file: string): boolean {
    const scopes = this.#scopes.get(name);
    if (!scopes) return false;
    for (const scope of scopes) if (file.startsWith(scope)) return true;
    return false;
  }
}

/**
 * Beginning of the paths of files that see what a file defines: of a source file itself; of a header all of them if it is
 * one for all (include/, arch/x86/include/), else those in its folder and below; of one in a folder `include` those beside
 * that, too.
 */
export function scopeOf(file: string): string {
  if (!file.endsWith('.h')) return file;
  if (/^(?:arch\/[^/]+\/)?include\//.test(file)) return '';
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return folder.replace(/(?:^|\/)include\/.*$/, (found) => (found.startsWith('/') ? '/' : ''));
}
