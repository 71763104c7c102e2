import type { ParameterizedContext } from 'koa';
import type { Participant } from '../../storage/ports/participants.ts';

/** What is put on record about one request. */
export interface RequestRecord {
  /** A run of the server and the number of the request in it. */
  readonly id: string;
  /** The path with names replaced by `{…}`; `-` when no route matched. */
  pattern: string;
  participant: string | undefined;
  /** What they logged in with, too short to open anything. */
  credential: string | undefined;
  /** `ok` or the code of the problem that was answered. */
  outcome: string;
  /** The cause of a 5xx, for the log only. */
  error: unknown;
}

/** What the middleware knows of a request by the time a handler sees it. */
export interface ServerState {
  /** Completed along the way, written when the response closes. */
  record: RequestRecord;
  /** Who asks; set by `authenticate` on every route that is not for anyone. */
  reader?: Participant;
  /** What they logged in with: `certificate <fingerprint>` or `key <id>`. */
  credential?: string;
}

export type ServerContext = ParameterizedContext<ServerState>;

/** Who asks. Call only behind `authenticate`. */
export function getReader(ctx: ServerContext): Participant {
  const { reader } = ctx.state;
  if (reader === undefined) throw new Error(`Cannot serve ${ctx.path}: nobody was authenticated`);
  return reader;
}
