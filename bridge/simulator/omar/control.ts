import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { type FaultMenu, parseOmarFault } from './faults.ts';
import { type HeldFile, type OmarDelays, toStatus } from './ledger.ts';

/** One held file as tests see it. */
export interface OmarHolding {
  readonly fileId: string;
  readonly name: string;
  readonly owner: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  readonly status: string;
  /** How many files of the same owner have these bytes: more than one was sent twice. */
  readonly times: number;
}

/** The held files as they stand at `now`. */
export function toHoldings(files: readonly HeldFile[], now: Instant, delays: OmarDelays): OmarHolding[] {
  const keyOf = ({ owner, sha256 }: HeldFile) => JSON.stringify([owner, sha256]);
  const times = new Map<string, number>();
  for (const file of files) times.set(keyOf(file), (times.get(keyOf(file)) ?? 0) + 1);
  return files.map((file) => ({
    fileId: String(file.fileId),
    name: file.name,
    owner: file.owner,
    sha256: file.sha256,
    bytes: file.bytes,
    records: file.records,
    status: toStatus(file, now, delays),
    times: times.get(keyOf(file)) ?? 0,
  }));
}

/**
 * The listener that tests and operators steer the simulator by, in JSON over plain HTTP: `GET /holdings`,
 * `GET /faults`, `POST /faults`, `DELETE /faults`. For loopback only.
 */
export function createControlServer(menu: FaultMenu, holdings: () => readonly OmarHolding[]): Server {
  return createServer(async (request, response) => {
    const answer = (status: number, value: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(`${JSON.stringify(value, null, 2)}\n`);
    try {
      switch (`${request.method} ${request.url}`) {
        case 'GET /holdings':
          return answer(200, holdings());
        case 'GET /faults':
          return answer(200, menu.armed());
        case 'POST /faults':
          // Only programs say so by themselves: a page in a browser must not steer.
          if (request.headers['content-type'] !== 'application/json') {
            return answer(415, { error: 'expected content-type: application/json' });
          }
          menu.arm(parseOmarFault(JSON.parse(await text(request))));
          return answer(200, menu.armed());
        case 'DELETE /faults':
          menu.clear();
          return answer(200, menu.armed());
        default:
          return answer(404, { error: 'expected GET /holdings, or GET, POST or DELETE /faults' });
      }
    } catch (error) {
      if (!request.complete) return response.destroy();
      if (!(error instanceof MdmaError || error instanceof SyntaxError)) throw error;
      return answer(400, { error: error.message });
    }
  });
}
