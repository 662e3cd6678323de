import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home of its own for a program: it finds nothing that an earlier run or the user has left, and leaves nothing. */
export function freshHome(): { readonly env: NodeJS.ProcessEnv; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-home-'));
  return {
    env: { XDG_STATE_HOME: join(dir, 'state'), XDG_CONFIG_HOME: join(dir, 'config') },
    // A program that was just killed may still be writing there.
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}
