import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { DEFAULT_BUDGET } from './tuning.ts';

it('goes back to the budget that V8 has for WebAssembly by default', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(options).toContain(`default: --wasm-tiering-budget=${DEFAULT_BUDGET}\n`);
});
