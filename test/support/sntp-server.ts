import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { atEnd } from './cleanup.ts';

/** A time server of the test's own, on a real socket. */
export interface TestSntpServer {
  readonly port: number;
  /** How far its clock is ahead of this machine's, in milliseconds. */
  aheadMs: number;
  /** What is done to its answers; undefined as the answer keeps silent. */
  spoil: ((answer: Buffer) => Buffer | undefined) | undefined;
  readonly questions: readonly Buffer[];
}

const epochSeconds = 2_208_988_800;

export async function startSntpServer(): Promise<TestSntpServer> {
  const socket = createSocket('udp4');
  const questions: Buffer[] = [];
  const server = { port: 0, aheadMs: 0, spoil: undefined as TestSntpServer['spoil'], questions };
  const write = (packet: Buffer, at: number, instant: number) => {
    packet.writeUInt32BE((Math.floor(instant / 1000) + epochSeconds) % 2 ** 32, at);
    packet.writeUInt32BE(Math.floor(((instant % 1000) / 1000) * 2 ** 32), at + 4);
  };
  socket.on('message', (question, { port, address }) => {
    questions.push(question);
    const now = Date.now() + server.aheadMs;
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 2;
    question.copy(answer, 24, 40, 48);
    write(answer, 32, now);
    write(answer, 40, now);
    const sent = server.spoil === undefined ? answer : server.spoil(answer);
    if (sent !== undefined) socket.send(sent, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.port = socket.address().port;
  atEnd(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return server;
}
