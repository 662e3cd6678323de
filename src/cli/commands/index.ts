import type { Command } from '../command.ts';
import type { CommandEntry } from '../command-entry.ts';
import { helpCommand } from './help.ts';

/** Every command in the order the help lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'resolve and simulate the cells of a matrix, and report',
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'merge',
    summary: 'put the parts of a matrix together that several machines ran',
    load: async () => (await import('./merge.ts')).mergeCommand,
  },
  {
    name: 'export',
    summary: 'write an exported report in another format',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'diff',
    summary: 'compare two configurations, layer by layer',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'compat',
    summary: 'say in which configurations an API can be used, and what to write elsewhere',
    load: async () => (await import('./compat.ts')).compatCommand,
  },
  {
    name: 'resolve',
    summary: 'resolve one option set and write its .config',
    short: true,
    load: async () => (await import('./resolve.ts')).resolveCommand,
  },
  {
    name: 'why',
    summary: 'say why an option has its value, and how it could have another',
    short: true,
    load: async () => (await import('./why.ts')).whyCommand,
  },
  {
    name: 'menu',
    summary: 'browse and edit a configuration as menuconfig does',
    load: async () => (await import('./menu.ts')).menuCommand,
  },
  {
    name: 'simulate',
    summary: 'run one workload on one simulated kernel',
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  {
    name: 'surface',
    summary: 'list the functions, types and macros of a tree that two configurations differ in',
    load: async () => (await import('./surface.ts')).surfaceCommand,
  },
  {
    name: 'refs',
    summary: 'list where a source tree mentions an option, and what is dead or dangling',
    load: async () => (await import('./refs.ts')).refsCommand,
  },
  {
    name: 'check',
    summary: 'say in which configurations of a tree the source of a driver works',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'verify',
    summary: 'explore every schedule of a lookup against writers, and say whether a property holds',
    load: async () => (await import('./verify/index.ts')).verifyCommand,
  },
  {
    name: 'trace',
    summary: 'step through the schedules that show what the model checker found',
    load: async () => (await import('./trace.ts')).traceCommand,
  },
  {
    name: 'torture',
    summary: 'count retries, starvation and tails of VMA lookups under writers',
    load: async () => (await import('./torture.ts')).tortureCommand,
  },
  {
    name: 'calibrate',
    summary: 'fit a cost profile to measurements and print the residuals',
    load: async () => (await import('./calibrate.ts')).calibrateCommand,
  },
  {
    name: 'record-toolchain',
    summary: 'record what a kernel tree asks the compiler',
    load: async () => (await import('./record-toolchain.ts')).recordToolchainCommand(),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of a report, a diff, a measurement or a verdict',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  {
    name: 'help',
    summary: 'show the commands, or the help of one',
    load: async () => helpCommand(commands),
  },
];

/** What `kmatrix` without a command is. */
export async function defaultCommand(): Promise<Command> {
  return (await import('./browse.ts')).browseCommand;
}
