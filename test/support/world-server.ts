import type { ClientName } from '../server/test-server.ts';
import { getTestCertificates } from './certificates.ts';
import { type Answer, connectTls, type RequestOptions, request } from './https.ts';
import type { StartedProcess } from './process.ts';

/** A server in a process of its own, answering. */
export interface WorldServer extends StartedProcess {
  /** One request with the certificate of `who`. */
  call(
    who: ClientName,
    method: string,
    path: string,
    options?: Partial<RequestOptions>,
    // biome-ignore lint/suspicious/noExplicitAny: what a test reads of it, it compares
  ): Promise<Answer & { json(): any }>;
  /** Posts to the first ESP's mailbox as staff. */
  post(body: RequestOptions['body'], key?: string): ReturnType<WorldServer['call']>;
  /** Asks for a file as the first ESP, to read of the answer what one wants. */
  begin(href: string, headers?: string): ReturnType<typeof connectTls>;
  /** What the ESP sees in its mailbox, by name. */
  list(): Promise<{ name: string; href: string; sha256: string; transaction: number }[]>;
}

/** The server behind a process that says in a line `{"ready":true,"port":…}` when it answers. */
export async function toWorldServer(process: StartedProcess): Promise<WorldServer> {
  const { authority, ...certificates } = await getTestCertificates();
  const { port } = (await process.waitForRecord(({ ready }) => ready === true)) as { port: number };

  const call: WorldServer['call'] = async (who, method, path, options = {}) => {
    const answer = await request(method, `https://localhost:${port}${path}`, {
      authority,
      certificate: certificates[who],
      ...options,
      headers: { accept: 'application/json', ...options.headers },
    });
    return { ...answer, json: () => JSON.parse(answer.body.toString('utf8')) };
  };

  return {
    ...process,
    call,
    post: (body, key) =>
      call('staff', 'POST', '/postings?mailbox=esp-one', {
        ...(body !== undefined && { body }),
        ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      }),
    async begin(href, headers = '') {
      const socket = await connectTls(port, { authority, certificate: certificates['esp-one'] });
      socket.write(`GET ${href} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
      return socket;
    },
    list: async () => (await call('esp-one', 'GET', '/mailboxes/esp-one/')).json().files,
  };
}
