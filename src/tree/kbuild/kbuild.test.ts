import { expect, it } from 'vitest';
import { formulaText } from '../condition/formula.ts';
import { Kbuild } from './kbuild.ts';

const FILES: Record<string, string> = {
  Kbuild: 'obj-y += mm/ drivers/ fs/\nobj-$(CONFIG_NET) += net/\n',
  Makefile: 'ifeq ($(KBUILD_EXTMOD),)\ncore-y := old/\ncore-$(CONFIG_ODD) += odd/\nendif\n',
  'old/Makefile': 'obj-y += old.o\n',
  'odd/Makefile': 'obj-y += odd.o\n',
  'mm/Makefile': `
mmu-y := nommu.o
mmu-$(CONFIG_MMU) := memory.o \\
	mmap.o # trailing
obj-y := slab.o $(mmu-y)
ifdef CONFIG_CROSS
mmu-$(CONFIG_MMU) += process.o
endif
obj-$(CONFIG_USERFAULTFD) += userfaultfd.o
`,
  'drivers/Makefile': 'obj-$(CONFIG_ANDROID)	+= android/ deep/er/\n',
  'drivers/android/Makefile': `
binder-y := alloc.o
binder-$(CONFIG_FS) += fs.o
obj-$(CONFIG_BINDER) += binder.o
ifneq ($(CONFIG_A)$(CONFIG_B),)
obj-m += either.o
else ifeq ($(CONFIG_C),y)
obj-y += neither.o
endif
# obj-y += gone.o
rule:
	ifdef not ours
`,
  'drivers/deep/er/Makefile': 'obj-y += x.o\n',
  'arch/x86/Kbuild': 'obj-$(CONFIG_KVM) += kvm/\n',
  'arch/x86/Makefile': `
libs-y := arch/x86/lib/
drivers-$(CONFIG_PCI) += arch/x86/pci/ arch/x86/power/own.o
`,
  'arch/x86/kvm/Makefile': 'obj-y += kvm.o\n',
  'arch/x86/lib/Makefile': 'lib-y += memcpy.o\n',
  'arch/x86/pci/Makefile': 'obj-y += irq.o\n',
  'fs/Makefile':
    'obj-y += $(host-builtin-y)\nobj-$(CONFIG_HOST) += host.o\nhost-objs := kern.o\nhost-builtin-$(CONFIG_HOST) += user.o\nwide-y := w.o\nobj-y += $(wide-y:.o=.o)\n',
  'net/Makefile': `obj-y += core/sock.o wide_$(BITS).o
common = both.o \\
	each.o
obj-$(CONFIG_A) += $(common)
unused = rule.o
ifneq ($(CONFIG_B), )
	obj-y += tab.o
endif
$(obj)/made.o: $(obj)/made.c
	obj-y += recipe.o
obj-$(subst m,y,$(CONFIG_IPV6)) += six.o
obj-$(if $(CONFIG_KUNIT),y) += hooks.o
traced-$(CONFIG_TRACING) := trace.o
edge-objs := main.o \${traced-y}
obj-$(CONFIG_EDGE) += edge.o twice.o
other-objs := twice.o
include $(src)/sub/Makefile
ifdef CONFIG_C
include $(srctree)/virt/list
endif
ifneq ($(filter y,$(CONFIG_HOST) $(CONFIG_DUAL)),)
obj-y += roles.o
endif
`,

  'net/sub/Makefile': 'part-y := sub/in.o\nobj-$(CONFIG_PART) += part.o\n',
  'virt/list': 'obj-y += outer.o\n',
};

it.each([
  ['mm/slab.c', 'always'],
  ['mm/nommu.c', '!MMU'],
  ['mm/memory.c', 'MMU!=n'],
  ['mm/mmap.c', 'MMU!=n'],
  ['mm/process.c', 'CROSS!=n && MMU!=n'],
  ['mm/userfaultfd.c', 'USERFAULTFD!=n'],
  ['drivers/android/alloc.c', 'ANDROID!=n && BINDER!=n'],
  ['drivers/android/fs.c', 'ANDROID!=n && FS!=n && BINDER!=n'],
  ['drivers/android/either.c', 'ANDROID!=n && !(A=n && B=n)'],
  ['drivers/android/neither.c', 'ANDROID!=n && A=n && B=n && C'],
  ['drivers/android/gone.c', 'always'],
  ['drivers/deep/er/x.c', 'ANDROID!=n'],
  ['fs/kern.c', 'HOST!=n'],
  ['fs/user.c', 'HOST!=n'],
  ['fs/w.c', 'always'],
  ['net/core/sock.c', 'NET!=n'],
  ['net/wide_32.c', 'NET!=n && !64BIT'],
  ['net/wide_64.c', 'NET!=n && 64BIT'],
  ['net/both.c', 'NET!=n && A!=n'],
  ['net/each.c', 'NET!=n && A!=n'],
  ['net/rule.c', 'always'],
  ['net/tab.c', 'NET!=n && B!=n'],
  ['net/recipe.c', 'always'],
  ['net/six.c', 'NET!=n && IPV6!=n'],
  ['net/hooks.c', 'NET!=n && KUNIT!=n'],
  ['net/trace.c', 'NET!=n && TRACING!=n && EDGE!=n'],
  ['net/twice.c', 'NET!=n && EDGE!=n'],
  ['net/sub/in.c', 'NET!=n && PART!=n'],
  ['net/roles.c', 'NET!=n && !(!HOST && !DUAL)'],
  ['net/outer.c', 'NET!=n && C!=n'],
  ['mm/memory.h', 'always'],
  ['old/old.c', 'always'],
  ['odd/odd.c', 'ODD!=n'],
  ['arch/x86/kvm/kvm.c', 'KVM!=n'],
  ['arch/x86/lib/memcpy.c', 'always'],
  ['arch/x86/pci/irq.c', 'PCI!=n'],
  ['arch/x86/power/own.c', 'PCI!=n'],
])('%s is compiled if %s', (path, condition) => {
  const kbuild = new Kbuild((name) => FILES[name]);
  expect(formulaText(kbuild.conditionOf(path))).toBe(condition);
});

it('lists that name each other a thousand ways are read in a moment', () => {
  const names = Array.from({ length: 60 }, (_, i) => `x${i}`);
  const listing = (takes: (at: number) => readonly string[]): Kbuild => {
    const lines = names.map(
      (name, at) =>
        `${name}-y += ${takes(at)
          .map((one) => `${one}.o`)
          .join(' ')} $(${name}-y)\n`,
    );
    const text = `${lines.join('')}obj-$(CONFIG_A) += x0.o\n`;
    return new Kbuild((name) => (name === 'Makefile' ? text : undefined));
  };
  const forward = listing((at) => names.slice(at + 1));
  expect(formulaText(forward.conditionOf('x59.c'))).toBe('A!=n');
  // There is no end of ways here: that nothing is known is an answer, too.
  const circles = listing(() => names);
  expect(circles.conditionOf('x5.c')).toBeDefined();
});

it('comes to a folder that only Makefiles of architectures enter for these alone', () => {
  const files: Record<string, string> = {
    Makefile: 'drivers-y := drivers/ sound/\n',
    'drivers/Makefile': 'obj-y += both/ net/\n',
    'drivers/s390/Makefile': 'obj-y += char/\n',
    'drivers/s390/char/Makefile': 'obj-$(CONFIG_TTY) += tty.o\n',
    'arch/s390/Makefile':
      'core-y += arch/s390/\ndrivers-$(CONFIG_CCW) += drivers/s390/ drivers/both/\n',
    'arch/sh/Makefile': 'drivers-y += arch/sh/drivers/\n',
  };
  const kbuild = new Kbuild(
    (name) => files[name],
    undefined,
    () => ['s390', 'sh'],
  );
  const ways = (path: string): string[] => ['s390', 'sh'].filter((one) => kbuild.isFor(path, one));
  expect(ways('drivers/s390/char/tty.c')).toEqual(['s390']);
  expect(ways('drivers/s390/char/tty.h')).toEqual(['s390']);
  expect(formulaText(kbuild.conditionOf('drivers/s390/char/tty.c'))).toBe('CCW!=n && TTY!=n');
  // Where it is not known who enters a folder, all may.
  for (const path of ['drivers/both/a.c', 'drivers/net/a.c', 'lib/a.c', 'arch/sh/drivers/a.c'])
    expect(ways(path)).toEqual(['s390', 'sh']);
});

it('knows objects that a folder beside has in a list, or one of that name of an architecture', () => {
  const files: Record<string, string> = {
    Kbuild: 'obj-y += usb/ virt/\n',
    'usb/Makefile': 'obj-$(CONFIG_USB) += core/\nobj-y += misc/\n',
    'usb/core/Makefile': 'core-y += ../misc/board.o\nobj-$(CONFIG_CORE) += core.o\n',
    'usb/misc/Makefile': 'obj-$(CONFIG_MISC) += misc.o\n',
    'virt/kvm/Makefile.kvm': 'KVM ?= ../../../virt/kvm\nkvm-$(CONFIG_VFIO) += $(KVM)/vfio.o\n',
    'arch/x86/Kbuild': 'obj-$(subst m,y,$(CONFIG_KVM)) += kvm/\n',
    'arch/x86/kvm/Makefile':
      'include $(srctree)/virt/kvm/Makefile.kvm\nobj-$(CONFIG_KVM_X86) += kvm.o\n',
  };
  const kbuild = new Kbuild(
    (name) => files[name],
    undefined,
    () => ['x86', 'sh'],
  );
  const text = (path: string): string => formulaText(kbuild.conditionOf(path));
  expect(text('usb/misc/board.c')).toBe('USB!=n && CORE!=n');
  expect(text('virt/kvm/vfio.c')).toBe('KVM!=n && VFIO!=n && KVM_X86!=n');
  expect(kbuild.isListed('virt/kvm/other.c')).toBe(false);
});
