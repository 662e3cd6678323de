/** Longest wait for the stop signal to arrive; over at once when the program is continued. */
const STOP_TIMEOUT_MS = 200;

/**
 * Stop as Ctrl-Z does outside raw mode, and return when continued.
 *
 * The whole foreground job is stopped, not only this process: under `npm start` the shell waits for npm,
 * and would not take the terminal back while that still runs. Where there is no shell to come back to
 * (an orphaned process group) the kernel ignores the signal, hence the time limit.
 */
export async function stopJob(): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      process.removeListener('SIGCONT', done);
      resolve();
    };
    const timer = setTimeout(done, STOP_TIMEOUT_MS);
    process.once('SIGCONT', done);
    process.kill(0, 'SIGTSTP');
  });
}
