import { validText } from '../eval/text-value.ts';
import { isTristateType, tristateOf } from '../menu/views.ts';
import { writeAutoconfCmd, writeBuildFiles } from '../write/autoconf.ts';
import { autoConfName } from './config-file.ts';
import type { Session } from './session.ts';

/** Write the files the build reads, and touch one per symbol whose value changed. False if something failed. */
export function writeAutoconf(session: Session, overwrite: boolean): boolean {
  const { io, files, config } = session;
  const name = autoConfName(io);
  if (!overwrite && files.exists(name)) return true;
  if (!put(session, `${name}.cmd`, writeAutoconfCmd(config, name))) return false;
  const built = writeBuildFiles(config, session.prefix);
  if (!touchChanged(session, name)) return false;
  return (
    put(session, io.env.KCONFIG_AUTOHEADER ?? 'include/generated/autoconf.h', built.autoHeader) &&
    put(session, io.env.KCONFIG_RUSTCCFG ?? 'include/generated/rustc_cfg', built.rustcCfg) &&
    put(session, name, built.autoConf)
  );
}

function put({ files }: Session, name: string, text: string): boolean {
  if (!files.makeParent(name)) return false;
  const temporary = `${name}.tmp`;
  return files.write(temporary, text) && files.rename(temporary, name);
}

/** Compare with the last auto.conf. A symbol that is gone from the tree is touched too. */
function touchChanged(session: Session, name: string): boolean {
  const { files, config } = session;
  const directory = name.slice(0, name.lastIndexOf('/') + 1);
  const touch = (symbol: string): boolean => files.write(directory + symbol, '');
  const { names, type } = config.evaluator.program;
  const old = new Map<number, string>();
  for (const line of (session.open(name) ?? '').split('\n')) {
    const equals = line.indexOf('=');
    if (!line.startsWith(session.prefix) || equals < 0) continue;
    const symbol = line.slice(session.prefix.length, equals);
    const id = names.idOf(symbol);
    if (id < 0) touch(symbol);
    else if (valid(type[id] as number, line.slice(equals + 1))) old.set(id, line.slice(equals + 1));
  }
  const evaluator = config.evaluator;
  for (const id of config.kconfig.hashOrder) {
    if (evaluator.program.isChoice(id)) continue;
    const before = old.get(id);
    const tristate = isTristateType(type[id] as number);
    if (evaluator.write[id] !== 0) {
      const now = evaluator.textOf(id);
      if (before === undefined ? tristate && now === 'n' : now === (tristate ? before[0] : before))
        continue;
    } else if (before === undefined) continue;
    if (!touch(names.nameOf(id))) return false;
  }
  return true;
}

function valid(type: number, value: string): boolean {
  if (!isTristateType(type)) return validText(type, value);
  return [0, 1, 2].some((v) => tristateOf(v) === value[0]);
}
