import { randomUUID } from 'node:crypto';

/** What the application remembers of one session: positions and filter stand here, not in the addresses. */
export interface Session {
  readonly owner: string;
  /** The file id that the list is filtered to; stays until another is set or the session ends. */
  filter: string | undefined;
  /** First row shown of the list, and of the errors of each file. */
  listAt: number;
  errorsAt: Map<string, number>;
}

export interface Sessions {
  /** The `Set-Cookie` headers of a new session; only the first of them is worth anything. */
  begin(owner: string): readonly string[];
  /** The session that the `Cookie` header names, if it is this owner's. */
  find(cookieHeader: string | undefined, owner: string): Session | undefined;
  endAll(owner: string): void;
}

const cookieName = 'JSESSIONID';

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    begin(owner) {
      const id = randomUUID();
      sessions.set(id, { owner, filter: undefined, listAt: 0, errorsAt: new Map() });
      return [`${cookieName}=${id}; Version=1; Path=/; Secure`, `TRACKER=${randomUUID()}; Version=1; Path=/`];
    },
    find(cookieHeader = '', owner) {
      const id = new RegExp(`(?:^|; *)${cookieName}=([^;]+)`).exec(cookieHeader)?.[1];
      const session = id === undefined ? undefined : sessions.get(id);
      return session?.owner === owner ? session : undefined;
    },
    endAll(owner) {
      for (const [id, session] of sessions) if (session.owner === owner) sessions.delete(id);
    },
  };
}
