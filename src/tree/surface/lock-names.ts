/** Calls that take a lock, by their names; not those that give it back or only look at it. */
const TAKES = /(?:^|_)(?:try)?lock(?:_|$)/;
const LOOKS =
  /unlock|assert|locked|release|_init$|_free$|_alloc$|_end$|_drop|_downgrade|stats|lockdep|deadlock|trace|debug|contended|acquired/;

/** Does a call take a lock, by the name of the function of the kernel it calls. */
export function takesLock(name: string): boolean {
  return TAKES.test(name) && !LOOKS.test(name);
}
