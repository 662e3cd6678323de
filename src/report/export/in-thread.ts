import { inThreads } from '../../input/index.ts';
import type { ExportRequest } from './export.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './export.worker.ts' : './export.worker.js',
  import.meta.url,
);

/** The text of an export, written in a thread: a page of a large matrix takes longer than a frame. */
export async function exportInThread(request: ExportRequest, signal: AbortSignal): Promise<string> {
  let text = '';
  await inThreads<ExportRequest, string>(WORKER, [request], {
    jobs: 1,
    signal,
    onReply: (_index, reply) => {
      text = reply;
    },
  });
  return text;
}
