import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { MdmaError } from '../../storage/model/errors.ts';
import type { Alterations } from './alterations.ts';

/** The menu as this listener sees it: what comes in is checked by `arm`. */
interface ControlledMenu {
  arm(fault: unknown): void;
  clear(): void;
  armed(): readonly unknown[];
}

/**
 * The listener that tests and operators steer a simulator by, in JSON over plain HTTP: `GET /holdings`, `GET /faults`,
 * `POST /faults`, `DELETE /faults`, `POST /alterations`. For loopback only.
 */
export function createControlServer(
  menu: ControlledMenu,
  alterations: Pick<Alterations, 'alter'>,
  holdings: () => readonly unknown[],
): Server {
  return createServer(async (request, response) => {
    const answer = (status: number, value: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(`${JSON.stringify(value, null, 2)}\n`);
    try {
      // Only programs say so by themselves: a page in a browser must not steer.
      if (request.method === 'POST' && request.headers['content-type'] !== 'application/json') {
        return answer(415, { error: 'expected content-type: application/json' });
      }
      switch (`${request.method} ${request.url}`) {
        case 'GET /holdings':
          return answer(200, holdings());
        case 'GET /faults':
          return answer(200, menu.armed());
        case 'POST /faults':
          menu.arm(JSON.parse(await text(request)));
          return answer(200, menu.armed());
        case 'POST /alterations':
          alterations.alter(JSON.parse(await text(request)));
          return answer(200, {});
        case 'DELETE /faults':
          menu.clear();
          return answer(200, menu.armed());
        default:
          return answer(404, {
            error: 'expected GET /holdings, GET, POST or DELETE /faults, or POST /alterations',
          });
      }
    } catch (error) {
      if (!request.complete) return response.destroy();
      if (!(error instanceof MdmaError || error instanceof SyntaxError)) throw error;
      return answer(400, { error: error.message });
    }
  });
}
