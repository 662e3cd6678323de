// What one process does with a tree it has read: many configurations, and its memory.
//
//   node src/kconfiglib-js/bench/in-process.ts
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linuxTree } from '../src/conformance/linux-tree.ts';

const here = dirname(fileURLToPath(import.meta.url));
const { kernelKconfig } = (await import(
  join(here, '../dist/index.js')
)) as typeof import('../src/index.ts');

const seconds = (run: () => void): number => {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

const kconfig = kernelKconfig(linuxTree());
const settable = [...kconfig.symbols].filter(
  (s) => s.defined && (s.type === 'bool' || s.type === 'tristate'),
);
console.log(`${settable.length} symbols that are bool or tristate`);

let length = 0;
const thousand = seconds(() => {
  for (let i = 0; i < 1000; i++) {
    const config = kconfig.config();
    // Each differs from all others in what is set, by a step prime to the number of symbols.
    for (let k = 0; k < 200; k++)
      config.set(
        settable[(i * 7919 + k * 104_729) % settable.length]?.name ?? '',
        k % 3 ? 'y' : 'n',
      );
    config.apply(i % 2 ? 'allyesconfig' : 'allnoconfig');
    length += config.write().length;
  }
});
console.log(
  `1000 configurations set, resolved and written: ${thousand.toFixed(1)} s CPU (${length} characters)`,
);

const config = kconfig.config();
config.write();
const all = seconds(() => {
  for (let i = 0; i < 100; i++) {
    config.evaluator.invalidateAll();
    config.evaluator.calcAll();
  }
});
console.log(`all symbols evaluated: ${((all / 100) * 1000).toFixed(2)} ms CPU`);

const times: number[] = [];
for (let i = 0; i < 2000; i++) {
  const start = process.hrtime.bigint();
  config.set('SMP', i % 2 ? 'y' : 'n');
  config.get('PER_VMA_LOCK');
  times.push(Number(process.hrtime.bigint() - start) / 1000);
}
times.sort((a, b) => a - b);
console.log(`set SMP, read PER_VMA_LOCK: median ${times[times.length >> 1]?.toFixed(1)} us`);
console.log(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
