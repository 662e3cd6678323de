import { parse } from 'kconfiglib-js';
import { describe, expect, it } from 'vitest';
import { configSides, diffSides } from '../index.ts';

const kconfig = parse({
  Kconfig: `config MODULES
	bool "modules"
	modules
config SMP
	bool "smp"
config NR_CPUS
	int "cpus"
	depends on SMP
	default 64
config NET
	bool "net"
	default y
menuconfig DRIVERS
	bool "drivers"
	default y
config CARD
	tristate "card"
	depends on DRIVERS && NET
	select CRC if SMP
config CRC
	bool
config LOCK
	def_bool SMP && NET
config SIZE
	int "size"
	default 4 if SMP
	default 2
config FREE
	bool "free"
config FORCED
	bool "forced"
config FORCING
	bool "forcing"
	select FORCED
`,
});

const LEFT = 'CONFIG_SMP=y\nCONFIG_NR_CPUS=8\nCONFIG_CARD=y\nCONFIG_FORCING=y\n';

/** What differs once the right side is changed: `SYMBOL left -> right: why`. */
function whys(left: string, right: string): Record<string, string> {
  const sides = configSides(kconfig, { name: 'a', text: left }, { name: 'b', text: right });
  const { options } = diffSides(sides.left, sides.right);
  return Object.fromEntries(
    options.map(({ symbol, left: a, right: b, why }) => [symbol, `${a} -> ${b}: ${why}`]),
  );
}

describe('why options of two .config files differ', () => {
  it('is what one asked for, and not what follows from it', () => {
    const smp = 'SMP is asked to be y on the left and left to its default on the right';
    expect(whys(LEFT, '# CONFIG_SMP is not set\nCONFIG_CARD=y\nCONFIG_FORCING=y\n')).toEqual({
      SMP: `y -> n: ${smp}`,
      NR_CPUS: `8 -> null: Its dependencies do not hold on the right: ${smp}`,
      CRC: `y -> n: It is selected on the left: ${smp}`,
      LOCK: `y -> n: Its default differs: ${smp}`,
      SIZE: `4 -> 2: Its default differs: ${smp}`,
    });
  });

  it('is a dependency that is lost further up', () => {
    const net = 'NET is asked to be left to its default on the left and n on the right';
    const right = LEFT.replace('CONFIG_CARD=y', '# CONFIG_NET is not set');
    expect(whys(LEFT, right)).toMatchObject({
      NET: `y -> n: ${net}`,
      CARD: `y -> n: Its dependencies do not hold on the right: ${net}`,
      CRC: `y -> n: It is selected on the left: ${net}`,
    });
  });

  it('is who forces a value that the other side asks against', () => {
    const right = LEFT.replace('CONFIG_FORCING=y', '# CONFIG_FORCED is not set');
    const forcing = 'FORCING is asked to be y on the left and left to its default on the right';
    expect(whys(LEFT, right)).toEqual({
      FORCED: `y -> n: It is selected on the left: ${forcing}`,
      FORCING: `y -> n: ${forcing}`,
    });
  });

  it('is that there are no modules, where a module is built in', () => {
    const modules = 'CONFIG_MODULES=y\nCONFIG_CARD=m\n';
    expect(whys(modules, 'CONFIG_CARD=y\n').CARD).toBe(
      'm -> y: CARD is asked to be m on the left and y on the right',
    );
  });

  it('does not depend on what a .config writes without need', () => {
    expect(whys(LEFT, `${LEFT}CONFIG_NET=y\nCONFIG_DRIVERS=y\nCONFIG_LOCK=y\n`)).toEqual({});
  });

  it('says which lines have no effect, and which no meaning', () => {
    const text = '# CONFIG_FORCED is not set\nCONFIG_FORCING=y\nCONFIG_WHO=y\n';
    const { notes } = configSides(kconfig, { name: 'a', text }, { name: 'b', text: '' });
    expect(notes).toEqual([
      'Without effect in this Kconfig are 1 line of a: FORCED.',
      'About options this Kconfig lacks are 1 line of a: WHO.',
    ]);
  });
});
