/**
 * Hear of what nobody caught, until the result is called. Without this the program would end in the
 * middle of a frame, its error on the screen that goes away with it.
 */
export function onCrash(crashed: (error: unknown) => void): () => void {
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  return () => {
    process.off('uncaughtException', crashed);
    process.off('unhandledRejection', crashed);
  };
}
