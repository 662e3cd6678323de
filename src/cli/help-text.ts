import { commonOptions } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';
import type { CommandEntry } from './command-entry.ts';

const WIDTH = 88;

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = { ...command.options, ...commonOptions };
  return [
    `Usage: kmatrix ${command.name} ${command.usage}`.trimEnd(),
    ...command.description.map((text) => filled(text, 0)),
    `Options:\n${Object.entries(options).map(optionHelp).join('\n')}`,
    `Examples:\n${command.examples.map(exampleHelp).join('\n')}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

/** The help of kmatrix: what it is and the list of commands. */
export function mainHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'kmatrix: what changes in the Linux kernel when a config option changes?',
    'Usage: kmatrix [COMMAND] [OPTIONS]',
    'Without a command: the terminal UI on the default matrix; without a terminal, its report.',
    `Commands:\n${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}`,
    [
      'Options:',
      '  --help     Show this help; "kmatrix help COMMAND" shows that of a command.',
      '  --version  Show the version.',
    ].join('\n'),
    [
      'Exit codes: 0 done; 1 the answer is "no" or "worse"; 2 the input is wrong;',
      '70 a fault of kmatrix; 130 interrupted.',
    ].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

function optionHelp([name, spec]: readonly [string, OptionSpec]): string {
  const value = spec.choices?.join('|') ?? spec.value ?? 'VALUE';
  const head = `  --${name}${spec.type === 'string' ? ` ${value}` : ''}`;
  const repeat = spec.multiple ? ' May be repeated.' : '';
  return `${head}\n${filled(spec.description + repeat, 6)}`;
}

function exampleHelp([line, what]: readonly [string, string]): string {
  return `  ${line}\n${filled(what, 6)}`;
}

function filled(text: string, indent: number): string {
  const blank = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(blank + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, blank + line].join('\n');
}
