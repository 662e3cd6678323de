/**
 * Hear that the terminal is gone, until the result is called. It was closed (reading ends, or fails where the signal for that does
 * not reach), or belongs to the shell again because whoever started this program is no more (reading fails).
 */
export function whenLost(
  terminal: readonly (NodeJS.ReadStream | NodeJS.WriteStream)[],
  lost: () => void,
): () => void {
  const events = ['error', 'end'];
  for (const stream of terminal) for (const event of events) stream.on(event, lost);
  return () => {
    for (const stream of terminal) for (const event of events) stream.off(event, lost);
  };
}
