import type { Config } from '../eval/config.ts';
import { MOD, NO } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import { isTristateType } from '../menu/views.ts';
import { dotconfigHead } from './head.ts';
import { quoted, SymbolLines } from './symbol-line.ts';

/** The files the build reads in place of the `.config`. */
export interface BuildFiles {
  /** include/config/auto.conf: for make. */
  autoConf: string;
  /** include/generated/autoconf.h: for C. */
  autoHeader: string;
  /** include/generated/rustc_cfg: options for rustc. */
  rustcCfg: string;
}

/** Write the three files. Symbols come in the order of `conf`'s hash table. */
export function writeBuildFiles(config: Config, prefix = 'CONFIG_'): BuildFiles {
  const { mainmenu, hashOrder } = config.kconfig;
  const evaluator = config.evaluator;
  evaluator.calcAll(hashOrder);
  let autoConf = dotconfigHead(mainmenu);
  let autoHeader = `/*\n * Automatically generated file; DO NOT EDIT.\n * ${mainmenu}\n */\n`;
  let rustcCfg = '';
  const lines = new SymbolLines(config, prefix, 'nothing', false);
  for (const id of hashOrder) {
    if (evaluator.program.isChoice(id) || evaluator.write[id] === 0) continue;
    autoConf += lines.at(id);
    autoHeader += headerLine(config, id, prefix);
    rustcCfg += rustcLines(config, id, prefix);
  }
  return { autoConf, autoHeader, rustcCfg };
}

/** A hexadecimal text with its prefix. */
function withPrefix(type: number, text: string): string {
  return type === TYPE.HEX && !/^0[xX]/.test(text) ? `0x${text}` : text;
}

function headerLine({ evaluator }: Config, id: number, prefix: string): string {
  const { program } = evaluator;
  const type = program.type[id] as number;
  if (type === TYPE.UNKNOWN) return '';
  const name = prefix + program.names.nameOf(id);
  const value = evaluator.tri[id];
  if (isTristateType(type)) {
    return value === NO ? '' : `#define ${name}${value === MOD ? '_MODULE' : ''} 1\n`;
  }
  const text = evaluator.textOf(id);
  return `#define ${name} ${type === TYPE.STRING ? quoted(text) : withPrefix(type, text)}\n`;
}

function rustcLines({ evaluator }: Config, id: number, prefix: string): string {
  const { program } = evaluator;
  const type = program.type[id] as number;
  if (type === TYPE.UNKNOWN) return '';
  const tristate = isTristateType(type);
  if (tristate && evaluator.tri[id] === NO) return '';
  const name = `--cfg=${prefix}${program.names.nameOf(id)}`;
  return `${tristate ? `${name}\n` : ''}${name}=${quoted(withPrefix(type, evaluator.textOf(id)))}\n`;
}

/** The make fragment that lists the files and environment variables a configuration was made from. */
export function writeAutoconfCmd(config: Config, autoConfName: string): string {
  const { files, env } = config.kconfig;
  let out = `autoconfig := ${autoConfName}\n\ndeps_config := \\\n`;
  for (const file of files) out += `\t${file} \\\n`;
  out += '\n$(autoconfig): $(deps_config)\n$(deps_config): ;\n';
  for (const [name, value] of env)
    out += `\nifneq "$(${name})" "${value}"\n$(autoconfig): FORCE\nendif\n`;
  return out;
}
