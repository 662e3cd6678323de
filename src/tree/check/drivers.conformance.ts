import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autoconfOf } from '../preprocess/autoconf.ts';
import { treeKconfig } from '../refs/architectures.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { checkFiles } from './check.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

/** Drivers of the tree that are modules, of several subsystems, with the options they need. */
const DRIVERS = {
  'drivers/net/tun.c': ['TUN'],
  'drivers/net/ethernet/intel/e1000e/netdev.c': ['E1000E'],
  'drivers/block/loop.c': ['BLK_DEV_LOOP'],
  'drivers/char/virtio_console.c': ['VIRTIO_CONSOLE'],
  'drivers/usb/storage/usb.c': ['USB_STORAGE'],
  'fs/ext4/inode.c': ['EXT4_FS'],
  'drivers/vfio/pci/vfio_pci_core.c': ['VFIO', 'VFIO_PCI'],
} as const;

test('what the tree builds as modules works, and nothing of it is taken to break', async () => {
  const tree = new SourceTree(ROOT, await scanTree(ROOT));
  const config = treeKconfig(tree, 'x86_64').config();
  config.load(readFileSync(join(ROOT, 'arch/x86/configs/x86_64_defconfig'), 'utf8'));
  config.apply('olddefconfig');
  config.set('VIRTIO_MENU', 'y');
  for (const name of Object.values(DRIVERS).flat()) {
    config.set(name, 'm');
    expect([name, config.get(name)]).toEqual([name, 'm']);
  }
  const cell = {
    id: 'modules',
    arch: 'x86',
    module: true,
    values: (name: string) => config.get(name),
    autoconf: autoconfOf(config.write()),
  };
  const paths = Object.keys(DRIVERS).map((path) => join(ROOT, path));
  const files = await checkFiles(tree, paths, [cell]);
  const breaks = files.flatMap(({ file, apis }) =>
    apis
      .filter(({ cells }) => cells.some((one) => one.breaks || one.reason !== null))
      .map(({ name, cells }) => `${file} ${name}: ${cells[0]?.reason}`),
  );
  expect(breaks).toEqual([]);
  expect(files.reduce((sum, { apis }) => sum + apis.length, 0)).toBeGreaterThan(4000);
  expect(files.flatMap(({ unread }) => unread)).toEqual([]);
});
