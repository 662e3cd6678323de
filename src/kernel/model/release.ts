/** Releases whose headers the model knows: a function, a member or a name is there since one of them. */
export type Release = '6.4' | '6.6' | '6.12' | '6.15' | '7.0';

const RELEASES: readonly Release[] = ['6.4', '6.6', '6.12', '6.15', '7.0'];

/** Whether a release is `first` or a later one. */
export function isSince(release: Release, first: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(first);
}
