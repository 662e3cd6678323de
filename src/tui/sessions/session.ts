/**
 * Something big that changes in place and so lives outside the state: a configuration of 18,000
 * symbols, a report that grows while cells run.
 */
export interface Session {
  /** Grows with every change that could be seen. */
  readonly version: number;
  /**
   * What would be lost by quitting now, e.g. `3 changes to .config`; `null` for nothing. The user is asked
   * before the program ends.
   */
  unsaved?(): string | null;
  /** Forget what would have been lost: the user leaves without it. */
  giveUp?(): void;
  /** Told where it was put, so that it can say when it moves on by itself. */
  opened?(sessions: Sessions): void;
}

/** The sessions of the program, by id. The state holds ids and versions only. */
export interface Sessions {
  /** The session with an id. */
  get<T extends Session>(id: string): T | undefined;
  /** Add or replace a session. */
  put<T extends Session>(id: string, session: T): void;
  drop(id: string): void;
  /** Tell that a session has a new version, so that the screen is drawn from it. */
  changed(id: string): void;
  /** What would be lost by quitting now. */
  unsaved(): readonly string[];
  /** Forget it, for the user leaves without. */
  giveUp(): void;
  /** Hear of every change. */
  listen(listener: (id: string, version: number) => void): void;
}

/** No sessions yet. */
export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  const listeners: ((id: string, version: number) => void)[] = [];
  const changed = (id: string): void => {
    const version = sessions.get(id)?.version ?? -1;
    for (const listener of listeners) listener(id, version);
  };
  const own: Sessions = {
    get: <T extends Session>(id: string) => sessions.get(id) as T | undefined,
    put: (id, session) => {
      sessions.set(id, session);
      session.opened?.(own);
      changed(id);
    },
    drop: (id) => {
      sessions.delete(id);
      changed(id);
    },
    changed,
    unsaved: () => [...sessions.values()].flatMap((session) => session.unsaved?.() ?? []),
    giveUp: () => {
      for (const session of sessions.values()) session.giveUp?.();
    },
    listen: (listener) => {
      listeners.push(listener);
    },
  };
  return own;
}
