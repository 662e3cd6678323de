// Pictures of the terminal UI: every shot at every size, as SVG and text.
//
//   npm run screens -- [NAME…] [--size 80x24,120x40] [--out DIR] [--ascii] [--no-color] [--theme NAME] [--png]
//
// The same program and the same results give the same bytes. With --png each is drawn by Chromium as well, to look at.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../../../input/index.ts';
import { SHOTS } from './shots.ts';
import { svgOf } from './svg.ts';
import { take } from './take.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '80x24,120x40,200x60' },
    out: { type: 'string', default: join(tmpdir(), 'kmatrix-screens') },
    ascii: { type: 'boolean', default: false },
    'no-color': { type: 'boolean', default: false },
    theme: { type: 'string' },
    png: { type: 'boolean', default: false },
  },
});

const sizes = values.size.split(',').map((size) => {
  const [columns = 0, rows = 0] = size.split('x').map(Number);
  if (!(columns > 0 && rows > 0)) throw new RangeError(`--size: "${size}" is not like 80x24`);
  return { columns, rows };
});
const unknown = positionals.filter((name) => !SHOTS.some((shot) => shot.name === name));
if (unknown.length > 0) {
  throw new RangeError(
    `no shot is called ${unknown.join(', ')}: ${SHOTS.map((s) => s.name).join(', ')}`,
  );
}
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const { ascii, 'no-color': plain, theme } = values;
for (const shot of SHOTS) {
  if (positionals.length > 0 && !positionals.includes(shot.name)) continue;
  for (const size of sizes) {
    const variant = `${ascii ? '-ascii' : ''}${plain ? '-plain' : ''}${theme ? `-${theme}` : ''}`;
    const name = `${shot.name}-${size.columns}x${size.rows}${variant}`;
    try {
      const { painted, text } = await take(shot, { ...size, ascii, color: !plain, theme });
      const svg = join(out, `${name}.svg`);
      writeFileAtomic(svg, svgOf(painted, `kmatrix: ${shot.title}`));
      writeFileAtomic(join(out, `${name}.txt`), text);
      if (values.png) draw(svg);
      process.stdout.write(`${svg}\n`);
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

function draw(svg: string): void {
  const png = svg.replace(/svg$/, 'png');
  const size = /width="(\d+)" height="(\d+)"/.exec(
    spawnSync('head', ['-1', svg]).stdout.toString(),
  );
  const window = `--window-size=${size?.[1]},${size?.[2]}`;
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', window];
  const { status } = spawnSync('chromium', [...flags, `--screenshot=${png}`, `file://${svg}`]);
  if (status !== 0) throw new Error('chromium could not draw it (apt-get install chromium)');
}
