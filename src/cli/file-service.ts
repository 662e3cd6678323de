import { existsSync } from 'node:fs';
import { InputError, writeFileAtomic } from '../input/index.ts';
import type { FileService } from '../tui/index.ts';
import type { Io } from './io.ts';
import { userPath } from './paths.ts';

/** Files for the terminal UI, by paths as the user gives them. */
export function fileServiceOf(io: Io): FileService {
  return {
    exists: (path) => existsSync(userPath(path, io)),
    write: (path, text) => {
      try {
        writeFileAtomic(userPath(path, io), text);
        return null;
      } catch (error) {
        if (error instanceof InputError) return error.diagnostics[0]?.message ?? error.message;
        throw error;
      }
    },
  };
}
