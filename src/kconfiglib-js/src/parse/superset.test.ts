import { describe, expect, it } from 'vitest';
import type { Config } from '../eval/config.ts';
import { errorsOf, tree } from '../testing/tree.ts';
import type { Dialect } from './features.ts';
import type { ParseOptions } from './parse.ts';

const superset = (files: string | Record<string, string>, options: ParseOptions = {}) =>
  tree(files, { dialect: 'superset', ...options });

/** A directory listing from a table of files. */
const listing =
  (files: Record<string, string>): NonNullable<ParseOptions['readDir']> =>
  (dir) => {
    const below = Object.keys(files).filter((name) => dir === '' || name.startsWith(`${dir}/`));
    const names = below.map((name) => name.slice(dir === '' ? 0 : dir.length + 1).split('/')[0]);
    return names.length === 0 ? undefined : [...new Set(names as string[])].reverse();
  };

const MODULES = 'config MODULES\n\tbool "modules"\n\toption modules\n\tdefault y\n';
const values = (config: Config, names: string): string =>
  names
    .split(' ')
    .map((name) => config.get(name))
    .join('');

describe('an optional choice', () => {
  const text =
    'choice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n';

  it('has no member until one is set', () => {
    const config = superset(text).config();
    expect([values(config, 'A B'), config.written('A')]).toEqual(['nn', false]);
    expect(config.assignable('B')).toEqual(['n', 'y']);
    config.set('B', 'y');
    expect(values(config, 'A B')).toBe('ny');
    expect(config.write()).toContain('# CONFIG_A is not set\nCONFIG_B=y\n');
    config.set('A', 'y');
    expect(values(config, 'A B')).toBe('yn');
    config.unset('A');
    expect(values(config, 'A B')).toBe('ny');
    config.set('B', 'n');
    expect(values(config, 'A B')).toBe('nn');
  });

  it('keeps the line of its member in a minimal configuration', () => {
    const config = superset(text).config();
    config.set('A', 'y');
    expect(config.writeMinimal()).toBe('CONFIG_A=y\n');
    const again = superset(text).config();
    again.load(config.writeMinimal());
    expect(values(again, 'A B')).toBe('yn');
  });

  it('is off with allnoconfig and on with allyesconfig', () => {
    const config = superset(text).config();
    const no = config.fork();
    no.apply('allnoconfig');
    config.apply('allyesconfig');
    expect([values(no, 'A B'), values(config, 'A B')]).toEqual(['nn', 'yn']);
    config.set('B', 'y');
    expect(values(config, 'A B')).toBe('ny');
  });
});

describe('a tristate choice', () => {
  const text = `${MODULES}choice\n\ttristate "c"\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nconfig C\n\tbool "c"\nendchoice\n`;

  it('that is m has independent members, and none that is bool', () => {
    const config = superset(text).config();
    expect(values(config, 'A B C')).toBe('nnn');
    config.set('A', 'm');
    config.set('B', 'm');
    expect(values(config, 'A B C')).toBe('mmn');
    expect(config.assignable('C')).toEqual([]);
  });

  it('that is y has exactly one', () => {
    const config = superset(text).config();
    config.set('A', 'm');
    config.set('B', 'y');
    expect(values(config, 'A B C')).toBe('nyn');
    config.set('C', 'y');
    expect(values(config, 'A B C')).toBe('nny');
  });

  it('is all m with allmodconfig, and a bool one without modules', () => {
    const config = superset(text).config();
    config.apply('allmodconfig');
    expect(values(config, 'A B C')).toBe('mmn');
    config.set('MODULES', 'n');
    expect(values(config, 'A B C')).toBe('ynn');
  });
});

describe('a plain choice', () => {
  it('falls back to its default when the member set is not available', () => {
    const text =
      'config D\n\tbool "d"\nchoice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\n\tdepends on D\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\nendchoice\n';
    const config = superset(text).config();
    config.set('C', 'y');
    config.set('A', 'y');
    expect(values(config, 'A B C')).toBe('nyn');
    config.set('D', 'y');
    expect(values(config, 'A B C')).toBe('ynn');
  });

  it('gives its type to members without one, and takes it from the first that has one', () => {
    const kconfig = superset(
      `${MODULES}choice\n\tprompt "c"\nconfig A\n\tprompt "a"\nconfig B\n\ttristate "b"\nendchoice\n`,
    );
    expect(kconfig.choices[0]?.type).toBe('tristate');
    expect(kconfig.symbols.get('A')?.type).toBe('tristate');
  });

  it('can hold menus, menuconfigs and sources; what is in a menu is no member', () => {
    const files = {
      Kconfig:
        'choice\n\tprompt "c"\nmenuconfig A\n\tbool "a"\nsource "more"\ncomment "x"\nmenu "m"\nconfig X\n\tbool "x"\nendmenu\nif y\nconfig C\n\tbool "c"\nendif\nendchoice\n',
      more: 'config B\n\tbool "b"\n',
    };
    const kconfig = superset(files);
    expect(kconfig.choices[0]?.members.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    const config = kconfig.config();
    config.set('X', 'y');
    config.set('C', 'y');
    expect(values(config, 'A B C X')).toBe('nnyy');
  });

  it('explains its members', () => {
    const config = superset(
      'choice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nendchoice\n',
    ).config();
    expect(config.why('A').text).toBe(
      'A is n: the choice "c" (Kconfig:1) is n, and none of its members was set',
    );
    config.set('A', 'y');
    expect(config.why('A').text).toContain('A is y: chosen by the user');
  });
});

describe('a named choice', () => {
  it('is added to wherever its name comes again', () => {
    const kconfig = superset(
      'choice PICK\n\tprompt "c"\nconfig A\n\tbool "a"\nendchoice\nconfig D\n\tbool "d"\n' +
        'choice PICK\n\tdefault B if D\nconfig B\n\tbool "b"\n\tdepends on D\nendchoice\n',
    );
    expect(kconfig.choices).toHaveLength(1);
    expect(kconfig.choices[0]).toMatchObject({ name: 'PICK', prompt: 'c', optional: false });
    expect(kconfig.choices[0]?.members.map(({ name }) => name)).toEqual(['A', 'B']);
    const config = kconfig.config();
    expect(values(config, 'A B')).toBe('yn');
    config.set('D', 'y');
    expect(values(config, 'A B')).toBe('ny');
    config.set('A', 'y');
    expect(values(config, 'A B')).toBe('yn');
    config.set('B', 'y');
    expect(values(config, 'A B')).toBe('ny');
    expect(kconfig.symbols.get('B')?.choice?.name).toBe('PICK');
  });

  it('can get a default only, also inside an if', () => {
    const config = superset(
      'config D\n\tbool "d"\nif D\nchoice PICK\n\tdefault B\nendchoice\nendif\n' +
        'choice PICK\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n',
    ).config();
    expect([values(config, 'A B'), config.unmet()]).toEqual(['yn', []]);
    config.set('D', 'y');
    expect(values(config, 'A B')).toBe('ny');
  });
});

describe('configdefault', () => {
  it('adds defaults within the dependencies of the symbol, and defines nothing', () => {
    const kconfig = superset(
      'config BAR\n\tbool "bar"\nconfig FIZZ\n\tbool "fizz"\nif FIZZ\nconfigdefault FOO\n\tdefault y\nendif\n' +
        'config FOO\n\tbool "foo"\n\tdepends on BAR\nconfigdefault NOWHERE\n\tdefault 3\n',
    );
    expect(kconfig.symbols.get('FOO')?.nodes).toHaveLength(1);
    expect(kconfig.symbols.get('NOWHERE')?.defined).toBe(false);
    const config = kconfig.config();
    config.set('FIZZ', 'y');
    expect(config.get('FOO')).toBe('n');
    config.set('BAR', 'y');
    expect(config.get('FOO')).toBe('y');
    expect(config.write()).not.toContain('NOWHERE');
  });

  it('takes nothing but defaults', () => {
    const errors = errorsOf('configdefault A\n\tbool "a"\n', { dialect: 'superset' });
    expect(errors.map((d) => d.code)).toEqual(['syntax', 'invalid-statement']);
  });
});

describe('options', () => {
  it('take values from the environment, which are not written', () => {
    const kconfig = superset(
      'config ARCH\n\tstring\n\toption env="ARCH"\nconfig A\n\tdef_bool ARCH = "arm"\n',
      { env: { ARCH: 'arm' } },
    );
    const config = kconfig.config();
    expect([config.get('ARCH'), config.get('A')]).toEqual(['arm', 'y']);
    expect(config.write()).not.toContain('CONFIG_ARCH');
    // In the words of the last conf that had them, which names the symbol's line.
    expect(superset('config B\n\tstring\n\toption env="B"\n').diagnostics[0]).toMatchObject({
      code: 'env',
      severity: 'warning',
      conf: 'Kconfig:1:warning: environment variable B undefined\n',
    });
  });

  it('can be in the title, which comes before them', () => {
    const text = 'mainmenu "Root $VER, $OTHER"\nconfig VER\n\tstring\n\toption env="FULL"\n';
    expect(superset(text, { env: { FULL: '1.2' } }).mainmenu).toBe('Root 1.2, $OTHER');
  });

  it('mark the symbol allnoconfig leaves on', () => {
    const config = superset(
      'config A\n\tbool "a"\n\toption allnoconfig_y\nconfig B\n\tbool "b"\n\tdefault y\n',
    ).config();
    config.apply('allnoconfig');
    expect(values(config, 'A B')).toBe('yn');
  });

  it('of other names are errors', () => {
    const errors = errorsOf('config A\n\tbool\n\toption nonsense\n', { dialect: 'superset' });
    expect(errors[0]?.code).toBe('syntax');
  });
});

describe('types and help of old', () => {
  it('are read', () => {
    const kconfig = superset(
      'config I\n\tdef_int 5\n\t---help---\n\t  Old.\n\nconfig H\n\tdef_hex 0x1f if y\nconfig S\n\tdef_string "s"\n\tprompt "p"\n',
    );
    const config = kconfig.config();
    expect(['I', 'H', 'S'].map((name) => config.get(name))).toEqual(['5', '0x1f', 's']);
    expect(kconfig.symbols.get('I')?.nodes[0]?.help).toBe('Old.\n');
  });
});

describe('source', () => {
  const files = {
    Kconfig: 'source "boards/*/Kconfig"\n',
    'boards/b/Kconfig': 'config B\n\tbool "b"\n\nrsource "Kconfig.[a-m]*"\norsource "none/*"\n',
    'boards/a/Kconfig': 'config A\n\tbool "a"\nosource "nowhere"\n',
    'boards/b/Kconfig.deep': 'config DEEP\n\tbool "deep"\n',
    'boards/b/Kconfig.zzz': 'config ZZZ\n\tbool "z"\n',
    'boards/.c/Kconfig': 'config HIDDEN\n\tbool "h"\n',
  };

  it('takes patterns, sorted, relative names, and files that need not be there', () => {
    const kconfig = superset(files, { readDir: listing(files) });
    expect(kconfig.files).toEqual([
      'Kconfig',
      'boards/a/Kconfig',
      'boards/b/Kconfig',
      'boards/b/Kconfig.deep',
    ]);
    expect(kconfig.symbols.get('DEEP')?.nodes[0]?.span).toMatchObject({
      file: 'boards/b/Kconfig.deep',
      line: 1,
    });
  });

  it('must match something', () => {
    for (const source of ['source "x/*"', 'source "gone"', 'rsource "gone"']) {
      const errors = errorsOf(`${source}\n`, { dialect: 'superset', readDir: () => [] });
      expect(errors[0]).toMatchObject({ code: 'no-file', span: { line: 1 } });
    }
    expect(superset('gsource "x/*"\ngrsource "y"\n').files).toEqual(['Kconfig']);
  });

  it('need not match anything where all sources are optional', () => {
    const text = 'source "gone"\nsource "x/*"\nconfig A\n\tbool\n';
    const options = { optionalSources: true, readDir: () => [] };
    expect(superset(text, options).symbols.get('A')?.type).toBe('bool');
    expect(errorsOf(text, { ...options, dialect: '7.0' })[0]?.code).toBe('no-file');
  });

  it('takes a bare path', () => {
    const table = {
      Kconfig:
        'source lib/x.y/Config.in # and a remark\nsource $(DIR)/Config.in\nmenu Title\nendmenu\n',
      'lib/x.y/Config.in': 'config A\n\tbool Name\n\tdefault y if "1.5" < 1.6\n',
      'd/Config.in': 'comment Remark\nconfig B\n\tstring\n\tprompt Text\n\tdefault a/b.c\n',
    };
    const kconfig = superset(table, { env: { DIR: 'd' } });
    expect(kconfig.files).toEqual(['Kconfig', 'lib/x.y/Config.in', 'd/Config.in']);
    expect(kconfig.symbols.get('A')?.nodes[0]?.prompt).toBe('Name');
    expect(kconfig.config().get('B')).toBe('a/b.c');
    expect(errorsOf(table, { dialect: '7.0' })[0]?.code).toBe('syntax');
  });

  it('can end without a newline', () => {
    expect(superset('config A\n\tdef_int 4').config().get('A')).toBe('4');
  });

  it('expands variables of old in its name', () => {
    const table = {
      Kconfig: `config BOARD\n\tstring\n\toption env="BOARD"\nsource "$BOARD/$\{SUB}/Kconfig"\nosource "$UNKNOWN/x"\n`,
      'b1/s/Kconfig': 'config A\n\tbool\n',
    };
    const kconfig = superset(table, { env: { BOARD: 'b1', SUB: 's' } });
    expect(kconfig.files).toEqual(['Kconfig', 'b1/s/Kconfig']);
    expect([...kconfig.env.keys()]).toEqual(['BOARD', 'SUB']);
  });

  it('of many files at once is no deep nesting, and finds a file that includes itself', () => {
    const table: Record<string, string> = { Kconfig: 'source "d/*"\n' };
    for (let i = 0; i < 150; i++) table[`d/${i}`] = `config A${i}\n\tbool\n`;
    const readDir = listing(table);
    expect(superset(table, { readDir }).files).toHaveLength(151);
    table['d/7'] = 'rsource "7"\n';
    const errors = errorsOf(table, { dialect: 'superset', readDir });
    expect(errors[0]?.code).toBe('recursive-include');
  });
});

describe('the dialects of the kernel', () => {
  it.each([
    'choice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nendchoice\n',
    'choice NAME\n\tprompt "c"\nconfig A\n\tbool "a"\nendchoice\n',
    'choice\n\ttristate "c"\nconfig A\n\tbool "a"\nendchoice\n',
    'choice\n\tprompt "c"\nsource "a"\nendchoice\n',
    'choice\n\tprompt "c"\nmenu "m"\nendmenu\nendchoice\n',
    'config A\n\tbool\n\toption modules\n',
    'config A\n\tstring\n\toption env="A"\n',
    'config A\n\tbool\n\t---help---\n\t  x\n',
    'config A\n\tdef_int 5\n',
    'osource "x"\n',
    'rsource "x"\n',
    'configdefault A\n\tdefault y\n',
  ])('do not take %j', (text) => {
    for (const dialect of ['6.12', '7.0', undefined] as const)
      expect(errorsOf(text, dialect ? { dialect } : {}).length).toBeGreaterThan(0);
    expect(
      errorsOf(text, { dialect: 'superset', readFile: (path) => (path === 'Kconfig' ? text : '') }),
    ).toEqual([]);
  });

  it('take patterns and variables literally', () => {
    for (const source of ['source "*"', 'source "$X"'])
      expect(errorsOf(`${source}\n`, { readDir: () => ['a'], env: { X: 'a' } })[0]?.code).toBe(
        'no-file',
      );
  });
});

describe('what a choice holds but does not offer', () => {
  it('may depend on its members', () => {
    const kconfig = superset(
      'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\n' +
        'config N\n\tint "n"\n\tdepends on A\n\tdefault 7\nconfig C\n\tbool "c"\nendchoice\n',
    );
    const config = kconfig.config();
    expect(config.get('N')).toBe('7');
    config.set('C', 'y');
    expect(values(config, 'A B C')).toBe('nny');
  });
});

describe('a minimal configuration', () => {
  it('has the line of a chosen tristate, which could be m, but not of a bool', () => {
    const choice = (type: string): string =>
      `choice\n\tbool "c"\nconfig A\n\t${type} "a"\nconfig B\n\t${type} "b"\nendchoice\n`;
    expect(superset(choice('bool')).config().writeMinimal()).toBe('');
    expect(
      superset(MODULES + choice('tristate'))
        .config()
        .writeMinimal(),
    ).toBe('CONFIG_A=y\n');
  });
});

describe('the symbol with option defconfig_list', () => {
  it('is not written', () => {
    const text = 'config L\n\tstring\n\toption defconfig_list\n\tdefault "x"\n';
    const config = superset(text).config();
    expect([config.get('L'), config.written('L')]).toEqual(['x', false]);
  });
});

describe('the title', () => {
  it('can come anywhere', () => {
    const text = 'config A\n\tstring\n\toption env="X"\nif A != ""\nmainmenu "The $A"\nendif\n';
    expect(superset(text, { env: { X: 'x' } }).mainmenu).toBe('The x');
    expect(errorsOf('config A\n\tbool\nmainmenu "x"\n', { dialect: '7.0' })).toHaveLength(2);
  });
});

describe('the values of older versions', () => {
  const read = (text: string, dialect: Dialect): Config => tree(text, { dialect }).config();

  it('of numbers nothing gives a value to are empty up to 6.7', () => {
    const text =
      'config N\n\tint "n"\nconfig H\n\thex "h"\nconfig Z\n\tdef_bool y\n\tdepends on N = 0\n';
    const seen = (dialect: Dialect): string => {
      const config = read(text, dialect);
      return `${config.get('N')},${config.get('H')},${config.get('Z')}`;
    };
    expect(['superset', '6.7', '4.17'].map((d) => seen(d as Dialect))).toEqual([
      '0,0x0,y',
      ',,n',
      ',,n',
    ]);
    expect(read(text, '6.7').writeMinimal()).toBe('');
  });

  it('under an imply are y or n up to 5.6, and not written where dependencies are n', () => {
    const text = `${MODULES}config I\n\ttristate\n\tdefault y\n\timply T\n\timply U\nconfig T\n\ttristate "t"\nconfig U\n\ttristate "u"\n\tdepends on N\nconfig N\n\tbool "n"\n`;
    const seen = (dialect: Dialect): string => {
      const config = read(text, dialect);
      config.set('T', 'm');
      return `${config.get('T')} ${config.written('U')}`;
    };
    expect(seen('superset')).toBe('m true');
    expect(seen('6.7')).toBe('m true');
    expect(seen('5.6')).toBe('y false');
  });

  it('are written up to 4.17 wherever a default applies, and there are no macros', () => {
    const text = 'config A\n\tbool\n\tdefault n\nconfig S\n\tstring "s"\n\tdefault "$(X)"\n';
    expect(read(text, '5.6').write()).not.toContain('CONFIG_A');
    expect(read(text, '4.17').write()).toContain('# CONFIG_A is not set\n');
    expect(read(text, '5.6').get('S')).toBe('');
    expect(read(text, '4.17').get('S')).toBe('$(X)');
  });
});

describe('minikconf', () => {
  const files = {
    Kconfig: 'source host\nsource hw/Kconfig\n',
    host: 'config LINUX\n    bool\n',
    'hw/Kconfig': 'source net/Kconfig\nconfig BUS\n    bool\n    default y if NET\n',
    'hw/net/Kconfig': 'config NET\n    bool\n    depends on LINUX\nconfig CARD\n    select BUS\n',
  };

  it('finds files beside those that name them', () => {
    expect(tree(files, { dialect: 'minikconf' }).files).toEqual([
      'Kconfig',
      'host',
      'hw/Kconfig',
      'hw/net/Kconfig',
    ]);
    expect(errorsOf(files, { dialect: 'superset' })[0]?.code).toBe('no-file');
  });

  it('lets everything be set, a bool if nothing else is said', () => {
    const config = tree(files, { dialect: 'minikconf' }).config();
    expect(['NET', 'BUS'].map((name) => config.get(name))).toEqual(['n', 'n']);
    for (const name of ['LINUX', 'NET']) expect(config.set(name, 'y').ok).toBe(true);
    expect(['LINUX', 'NET', 'BUS'].map((name) => config.get(name))).toEqual(['y', 'y', 'y']);
    config.set('LINUX', 'n');
    config.set('CARD', 'y');
    expect(['NET', 'BUS'].map((name) => config.get(name))).toEqual(['n', 'y']);
  });
});

describe('openEnvironment', () => {
  const text =
    'config HAVE\n\tbool\n\toption env="HAVE"\nconfig A\n\tbool "a"\n\tdepends on HAVE\n';

  it('leaves open what a variable that is not set would say', () => {
    const open = superset(text, { openEnvironment: true }).config();
    expect(open.set('HAVE', 'y').ok && open.set('A', 'y').ok && open.get('A')).toBe('y');
    const closed = superset(text, { openEnvironment: true, env: { HAVE: 'n' } }).config();
    closed.set('HAVE', 'y');
    expect(closed.get('HAVE')).toBe('n');
    expect(superset(text).config().get('HAVE')).toBe('n');
  });
});
