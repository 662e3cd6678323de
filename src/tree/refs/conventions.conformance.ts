import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { isKconfig } from '../scan/what-file.ts';
import { SourceTree } from '../source/source-tree.ts';
import { findDangling, findReferences } from './find.ts';

/** Sources of other projects that have Kconfig; those that are not there are left out. */
const HOME = process.env.KMATRIX_PROJECTS ?? join(tmpdir(), 'kmatrix-projects');

/** Options of projects, and what grep(1) knows their mentions by, with `@` for the name. */
const PROJECTS: Readonly<Record<string, { pattern: string; options: readonly string[] }>> = {
  'u-boot': {
    pattern: String.raw`(?:\bCONFIG_|-DCONFIG_|\bCONFIG_\$\(\w+_\)|CONFIG_(?:IS_ENABLED|VAL|IF_ENABLED_INT)\()@(?:_MODULE)?\b`,
    options: ['DM_GPIO', 'OF_CONTROL', 'SYS_MALLOC_F_LEN', 'BLOBLIST', 'LOGLEVEL', 'CLK'],
  },
  coreboot: {
    pattern: String.raw`(?:\bCONFIG(?:_|\()(?:LP_)?)@\b`,
    options: ['CONSOLE_SERIAL', 'CHROMEOS', 'MAINBOARD_DIR', 'SMP'],
  },
  busybox: {
    pattern: String.raw`\b(?:CONFIG_|ENABLE_|IF_|IF_NOT_)@\b`,
    options: ['DESKTOP', 'FEATURE_EDITING', 'LFS', 'FEATURE_CATN'],
  },
  toybox: {
    pattern: String.raw`\b(?:(?:CONFIG_|CFG_)@\b|USE_@\()`,
    options: ['TOYBOX_FLOAT', 'LS', 'CAT'],
  },
  'uClibc-ng': {
    pattern: String.raw`(?:__@__\b|\$[({]@[)}]|^(?:# )?@(?:=| is not set$))`,
    options: ['UCLIBC_HAS_FLOATS', 'UCLIBC_HAS_THREADS', 'DODEBUG'],
  },
};

/** Macros and beginnings of names that are no options. */
const NO_OPTION = /^(?:IS_ENABLED|VAL|IF_ENABLED_INT|UCLIBC_HAS_\w+)$/;

const folders = existsSync(HOME) ? readdirSync(HOME) : [];

describe.each(Object.entries(PROJECTS))('%s', (name, { pattern, options }) => {
  const folder = folders.find((one) => one.startsWith(`${name}-`) || one === name);
  const root = join(HOME, folder ?? '');
  const tree = folder === undefined ? undefined : scanTree(root);

  test.runIf(folder)('mentions are the lines grep finds', async () => {
    const source = new SourceTree(root, await tree!);
    for (const option of options) {
      const found = findReferences(source, option).references;
      const statement = /^(?:config|depends on|select|imply|default|range|if|visible if)$/;
      const lines = found
        .filter(({ file, kind }) => !isKconfig(file) && !(statement.test(kind) && kind !== 'if'))
        .map(({ file, line }) => `${file}:${line}`);
      const grep = spawnSync('grep', ['-rnaP', pattern.replaceAll('@', option), '.'], {
        cwd: root,
        maxBuffer: 1 << 28,
      });
      const theirs = grep.stdout
        .toString('latin1')
        .split('\n')
        .flatMap((line) => /^\.\/(.*?:\d+):/.exec(line)?.[1] ?? [])
        .filter((place) => !isKconfig(place.replace(/:\d+$/, '')));
      const missing = theirs.filter((place) => !lines.includes(place));
      expect({ option, missing }).toEqual({ option, missing: [] });
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter(({ state }) => state === 'dangling')).toEqual([]);
    }
  });

  test.runIf(folder)('nothing that is only a macro is called dangling', async () => {
    const dangling = await findDangling(new SourceTree(root, await tree!));
    expect(dangling.map(({ symbol }) => symbol).filter((one) => NO_OPTION.test(one))).toEqual([]);
    expect(dangling.length).toBeGreaterThan(0);
  });
});
