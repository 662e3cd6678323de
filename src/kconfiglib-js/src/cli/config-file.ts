import type { Files, Io } from './io.ts';

/** Where a configuration is written, and how that is told. */
export interface ConfigFile {
  name: string;
  files: Files;
  io: Io;
  /** Print a message that `--silent` leaves out. */
  message(text: string): void;
}

/** Name of the configuration. */
export function configName(io: Io): string {
  return io.env.KCONFIG_CONFIG ?? '.config';
}

/** Name of the file that tells whether those for the build are to be written. */
export function autoConfName(io: Io): string {
  return io.env.KCONFIG_AUTOCONFIG ?? 'include/config/auto.conf';
}

/** A message as `conf` prints it. */
export function framed(text: string): string {
  return `#\n# ${text}\n#\n`;
}

/**
 * Write a configuration, which is made when it is known that there is a place for it. The old one is kept with `.old`; an
 * equal one is left alone. False if it could not be written.
 */
export function saveConfig(
  { name, files, io, message }: ConfigFile,
  make: () => string | Uint8Array,
): boolean {
  if (name === '') {
    io.stderr('config name is empty\n');
    return false;
  }
  if (files.isDirectory(name)) {
    io.stderr(`${name}: Is a directory\n`);
    return false;
  }
  if (!files.makeParent(name)) return false;
  const content = make();
  if (io.env.KCONFIG_OVERWRITECONFIG) {
    if (!files.write(name, content)) return false;
  } else {
    if (files.holds(name, content)) {
      message(`No change to ${name}`);
      return true;
    }
    const temporary = `${name}.${process.pid}.tmp`;
    if (!files.write(temporary, content)) return false;
    files.rename(name, `${name}.old`);
    if (!files.rename(temporary, name)) return false;
  }
  message(`configuration written to ${name}`);
  return true;
}
