/** The release line in which what lies under node:fs is as those write who call it. */
const KNOWN_NODE = 24;

/**
 * What node:fs itself calls, or undefined in a release line where it is not known, and where the user wants to be told of
 * its use. It is Node's own: whoever calls it first makes sure that it says what the module says.
 */
export function fsBinding(version = process.versions.node): unknown {
  if (Number.parseInt(version, 10) !== KNOWN_NODE || warnsOfBindings()) return undefined;
  try {
    return (process as unknown as { binding: (name: string) => unknown }).binding('fs');
  } catch {
    return undefined;
  }
}

/** Did the user ask to be told of such calls. */
function warnsOfBindings(): boolean {
  const { NODE_OPTIONS = '', NODE_PENDING_DEPRECATION } = process.env;
  const options = [...process.execArgv, NODE_OPTIONS].join(' ');
  return NODE_PENDING_DEPRECATION === '1' || options.includes('--pending-deprecation');
}
