import { parentPort } from 'node:worker_threads';
import { editionNamed } from '../editions/index.ts';
import { verify } from './verify.ts';
import type { VerifyReply, VerifyTask } from './verify-all.ts';

/** A worker thread: a question comes in, its answer goes out. */
parentPort?.on('message', ({ edition: name, options, question, share }: VerifyTask) => {
  const edition = editionNamed(name);
  if (!edition) throw new Error(`no edition is called ${name}`);
  let reply: VerifyReply;
  try {
    const config = { get: (option: string) => options[option] ?? '' };
    reply = { verdict: verify(edition, config, question, share) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // An error that crosses to another thread loses its class.
    reply = { senseless: error.message };
  }
  parentPort?.postMessage(reply);
});
