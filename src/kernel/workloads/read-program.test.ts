import { describe, expect, it } from 'vitest';
import { InputError } from '../../input/index.ts';
import { STATIC_PROGRAM } from '../model/program.ts';
import { readWorkload } from './read-workload.ts';

const RUN = 'threads: [{ name: main, run: [{ execve: { program: other } }] }]';
const OTHER = `
    anywhere: true
    segments:
      - { at: 0, pages: 2, prot: rx }
      - { at: 3, offset: 2, file: 1, pages: 2, prot: rw, clears: true }
    relro: { at: 3, pages: 1 }
    interpreter: { segments: [{ at: 0, pages: 8, prot: rx }] }
    strings: 2
    start: [{ read: image+1 }, { write: image + 0x3, pages: 2 }, { relro: image }, { brk: 2 }, { write: heap+1 }, { read: interpreter }, { write: stack-2 }]
    forked: [{ write: stack }]
`;
const read = (program: string, run = RUN) =>
  readWorkload(`name: t\n${run}\nprograms:\n  other:${program}`, 't.yaml');
const refused = (program: string): string => {
  try {
    read(program);
  } catch (e) {
    if (e instanceof InputError) return e.message;
    throw e;
  }
  return '';
};

describe('programs of a workload', () => {
  it('are read as they stand, behind the one that ships', () => {
    const { programs, threads } = read(OTHER);
    expect(programs[0]).toBe(STATIC_PROGRAM);
    expect(programs[1]).toMatchObject({
      name: 'other',
      file: {
        anywhere: true,
        segments: [
          { at: 0, file: 2 },
          { at: 3, file: 1, clears: true },
        ],
      },
      strings: 2,
      forked: [{ does: 'write', base: 'stack', page: 0, pages: 1 }],
    });
    expect(programs[1]?.start[1]).toEqual({ does: 'write', base: 'image', page: 3, pages: 2 });
    expect(threads[0]?.run[0]).toMatchObject({ op: 'execve', args: [1, 0] });
  });

  it('begin with what "program" says', () => {
    expect(read(`${OTHER}\nprogram: other`).programs.map((p) => p.name)).toEqual([
      'other',
      'static',
    ]);
    const inline = 'name: t\nprogram: { segments: [{ at: 0x400, pages: 1, prot: rx }] }\n';
    const { programs } = readWorkload(
      `${inline}threads: [{ name: m, run: [proc_maps] }]`,
      't.yaml',
    );
    expect(programs.map((p) => p.name)).toEqual(['program', 'static']);
  });

  it.each([
    ['{ at: 3, offset: 2', '{ at: 1, offset: 2', 'order of their addresses'],
    ['prot: rw', 'prot: r', 'writable'],
    ['relro: { at: 3', 'relro: { at: 4', 'relro is the beginning'],
    ['read: image+1', 'read: image+2', 'reads page 2 of the image'],
    ['write: heap+1', 'write: heap+2', 'writes page 2 of the heap'],
    ['{ brk: 2 }', '{ write: image+3 }', 'writes page 3 of the image'],
    ['write: stack-2', 'write: stack-40', 'writes page -40 of the stack'],
    ['write: stack-2', 'write: vdso', 'writes page 0 of the vdso'],
    ['read: image+1', 'read: libc+1', 'is not a place in a program'],
    ['read: image+1', 'jump: image+1', 'a step of a program is read'],
    ['interpreter: { segments: [{ at: 0, pages: 8, prot: rx }] }', '', 'needs an interpreter'],
  ])('are refused where they could not run: %s as %s', (from, to, message) => {
    expect(OTHER).toContain(from);
    expect(refused(OTHER.replace(from, to))).toContain(message);
  });

  it('do not end threads that others wait for', () => {
    const exec = (more: string) =>
      `threads: [{ name: main, count: 2, run: [{ execve: { program: other } }${more}] }]`;
    expect(() => read(OTHER, exec(''))).not.toThrow();
    expect(() => read(OTHER, exec(', barrier'))).toThrow(/ends the other threads/);
    const setup = 'threads: [{ name: main, setup: [execve], run: [proc_maps] }]';
    expect(() => read(OTHER, setup)).toThrow(/in a setup/);
  });

  it('have none of the memory of the program before', () => {
    const run =
      'threads: [{ name: main, run: [{ mmap: { pages: 1, as: a } }, execve, { read: { at: a } }] }]';
    expect(() => read(OTHER, run)).toThrow(/no longer mapped/);
  });
});
