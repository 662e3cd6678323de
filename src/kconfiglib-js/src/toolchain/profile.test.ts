import { describe, expect, it } from 'vitest';
import { tree } from '../testing/tree.ts';
import { answerKey, loadShippedProfile, toolchainProfile } from './profile.ts';
import { recordingShell } from './recording.ts';
import { cleanAnswer } from './run-shell.ts';

const span = { file: 'Kconfig', line: 1, column: 1 };
const MACROS = 'ok = $(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")\n';

describe('answer keys', () => {
  it('are the macro and its arguments, without the path of the tree', () => {
    const macro = { name: 'cc-option', args: ['-O2'] };
    expect(answerKey({ command: 'long', macro, span })).toBe('cc-option(-O2)');
    const command = '/src/linux/scripts/version.sh  gcc';
    expect(answerKey({ command, span }, { srctree: '/src/linux' })).toBe(
      'shell($(srctree)/scripts/version.sh gcc)',
    );
  });

  it('hold no long texts', () => {
    const key = answerKey({ command: `/t/scripts/probe.sh ${'x'.repeat(100)}`, span });
    expect(key).toMatch(/^shell\(#[0-9a-f]{16} probe\.sh\)$/);
  });
});

describe('a profile', () => {
  it('computes what expr makes of two numbers', () => {
    const shell = toolchainProfile({
      schema: 1,
      environment: {},
      answers: { 'shell(expr 1 + 1)': '3' },
    });
    const expr = (text: string) => shell({ command: `expr ${text}`, span });
    expect(['190103 / 10000', '-7 % 2', '5 - 7', '2 + 2', '1 + 1'].map(expr)).toEqual([
      '19',
      '-1',
      '-2',
      '4',
      '3',
    ]);
    expect(['1 / 0', '1 / 0; ls', 'a : b', '1 \\* 2'].map(expr)).toEqual(Array.from({ length: 4 }));
  });

  it('answers as recorded, and nothing else', () => {
    const shell = toolchainProfile({ schema: 1, environment: {}, answers: { 'ok(true)': 'y' } });
    const kconfig = tree(
      `${MACROS}config A\n\tdef_bool $(ok,true)\nconfig B\n\tdef_bool $(ok,other)\n`,
      { shell },
    );
    expect([kconfig.config().get('A'), kconfig.config().get('B')]).toEqual(['y', 'n']);
    expect(kconfig.unanswered.map((q) => q.macro?.args)).toEqual([['other']]);
  });

  it('that knows nothing of a script has 0 where a value must stand, and the rest as it is', () => {
    const shell = toolchainProfile({ schema: 1, environment: {}, answers: {} });
    const text = [
      '$(shell,scripts/alone.sh)',
      'config OLD',
      '\tint $(shell,scripts/prompt.sh)',
      '\tdefault $(shell,scripts/version.sh) if NOT',
      '\tdefault 7',
      '\trange $(shell,scripts/least.sh) $(shell,scripts/most.sh) if n',
      'config NOT',
      '\tdef_bool y',
      '\tdepends on $(shell,scripts/version.sh) < 9 && !$(shell,scripts/found.sh)',
      'config NAME',
      '\tstring',
      '\tdefault x$(shell,scripts/name.sh)',
      'config TEXT',
      '\tstring',
      '\tdefault "$(shell,scripts/name.sh)"',
      '',
    ];
    const kconfig = tree(text.join('\n'), { shell });
    const config = kconfig.config();
    expect(['OLD', 'NOT', 'NAME', 'TEXT'].map((name) => config.get(name))).toEqual([
      '0',
      'y',
      'x',
      '',
    ]);
    expect(kconfig.unanswered.map(({ command }) => command)).toEqual([
      'scripts/alone.sh',
      'scripts/prompt.sh',
      'scripts/version.sh',
      'scripts/least.sh',
      'scripts/most.sh',
      'scripts/version.sh',
      'scripts/found.sh',
      'scripts/name.sh',
      'scripts/name.sh',
    ]);
  });

  it('is what recording gives', () => {
    const recording = recordingShell();
    const text = `${MACROS}config A\n\tdef_bool $(ok,true)\nconfig B\n\tdef_bool $(ok,false)\nconfig C\n\tstring\n\tdefault "$(shell,echo $V; echo b)"\n`;
    const env = { V: 'a', CC: 'cc' };
    const recorded = tree(text, { shell: recording.shell, env }).config().write();
    expect(recording.profile()).toMatchObject({
      answers: { 'ok(true)': 'y', 'ok(false)': 'n' },
      environment: { CC: 'cc' },
    });
    const replayed = tree(text, { shell: toolchainProfile(recording.profile()), env });
    expect(replayed.unanswered).toEqual([]);
    expect(replayed.config().write()).toBe(recorded);
    expect(recorded).toContain('CONFIG_C="a b"');
  });

  it('that ships is well formed', () => {
    const profile = loadShippedProfile();
    expect(profile.environment.CC_VERSION_TEXT).toContain('12.2.0');
    expect(Object.keys(profile.answers).length).toBeGreaterThan(100);
  });

  it.each([
    [null, 'is not a JSON object'],
    [{ schema: 2 }, 'has schema 2, expected 1'],
    [{ schema: 1, environment: {} }, 'has no "answers"'],
    [{ schema: 1, environment: {}, answers: { a: 1 } }, 'has an entry "a" that is not a text'],
  ])('%j is refused', (json, message) => {
    expect(() => toolchainProfile(json, 'p.json')).toThrow(message);
  });
});

describe('answers', () => {
  it('are cut to 4095 bytes, without trailing newlines, on one line', () => {
    expect(cleanAnswer(Buffer.from('a\nb \n\n'))).toBe('a b ');
    expect(cleanAnswer(Buffer.alloc(9000, 'x')).length).toBe(4095);
  });
});

it('answers what is asked by the name macros have for the tree, wherever its files are looked for', () => {
  const shell = toolchainProfile({
    ...loadShippedProfile(),
    answers: { 'shell($(srctree)/version.sh)': '7' },
  });
  const kconfig = tree(
    { Kconfig: 'config VERSION\n\tint\n\tdefault $(shell,$(srctree)/version.sh)\n' },
    { srctree: '.', env: { srctree: '/tree' }, shell },
  );
  expect(kconfig.config().get('VERSION')).toBe('7');
});
