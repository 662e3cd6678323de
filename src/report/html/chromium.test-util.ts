import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A Chromium on this machine, if there is one. */
export function findChromium(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  );
}

/** How a page is looked at. */
export interface View {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
}

/**
 * Open a page, run a script in it after its own, and give what the script returns. The policy of the
 * page allows no such script and is taken out. The page stands in a frame, since no window of Chromium
 * is as narrow as a phone.
 */
export async function inChromium(
  chromium: string,
  page: string,
  script: string,
  view: View,
): Promise<unknown> {
  const probe = `<script>(async()=>{${script}})().then((v)=>v,(e)=>({error:String(e&&e.stack||e)})).then((v)=>{const out=parent.document.createElement('pre');out.id='probe';out.textContent=encodeURIComponent(JSON.stringify(v));parent.document.body.replaceChildren(out)})</script>`;
  const framed = page
    .replace(/<meta http-equiv[^>]*>/, '')
    .replace('</body>', () => `${probe}</body>`)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  const host = `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><iframe style="width:${view.width}px;height:900px;border:0" srcdoc="${framed}"></iframe>`;
  const dom = await domOf(chromium, host, view);
  const found = /<pre id="probe">([^<]*)<\/pre>/.exec(dom)?.[1];
  if (found === undefined) throw new Error('the script did not end');
  return JSON.parse(decodeURIComponent(found));
}

/** The markup of a page after its own script ran, under its own policy. */
export async function domOf(chromium: string, page: string, view: View): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-page-'));
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, page);
    const { stdout } = await promisify(execFile)(
      chromium,
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${view.width},900`,
        `--blink-settings=preferredColorScheme=${view.scheme === 'dark' ? 0 : 1}`,
        '--virtual-time-budget=60000',
        '--dump-dom',
        `file://${file}`,
      ],
      { maxBuffer: 1 << 28, timeout: 300_000 },
    );
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
