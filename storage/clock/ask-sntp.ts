import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { MdmaError } from '../model/errors.ts';
import type { Instant } from '../model/time.ts';

export interface SntpServer {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

const packetBytes = 48;
/** From 1900 to 1970, in seconds. */
const epochSeconds = 2_208_988_800;
const eraSeconds = 2 ** 32;

/**
 * Asks a time server how far this machine's clock is ahead of it, in milliseconds (RFC 4330, client in unicast mode).
 * What is sent as our time is random, so that only who has seen the question can answer it.
 *
 * @param world the clock that is judged, one that nobody can set, and 8 random bytes
 * @throws `unavailable` when there is no answer in time, or the server says that it does not know the time
 */
export async function askSntp(
  { host, port, timeoutMs }: SntpServer,
  world: { now: () => Instant; monotonicMs: () => number; nonce: Uint8Array },
): Promise<number> {
  const refuse = (found: string) =>
    new MdmaError('unavailable', `Cannot measure the clock by ${host}: ${found}`);
  const { address, family } = await lookup(host).catch((cause: Error) => {
    throw refuse(cause.message);
  });
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    const { promise, resolve, reject } = Promise.withResolvers<{ answer: Buffer; elapsedMs: number }>();
    const timer = setTimeout(() => reject(refuse(`no answer within ${timeoutMs} ms`)), timeoutMs);
    socket.on('error', (error) => reject(refuse(error.message)));
    const question = Buffer.alloc(packetBytes);
    question[0] = 0x23; // version 4, mode 3: client
    question.set(world.nonce.subarray(0, 8), 40);
    let askedAt = 0;
    let askedMs = 0;
    socket.on('message', (answer) => {
      // Anything else is not an answer to this question, and the right one may still come.
      if (answer.length < packetBytes || !answer.subarray(24, 32).equals(question.subarray(40, 48))) return;
      resolve({ answer, elapsedMs: world.monotonicMs() - askedMs });
    });
    socket.connect(port, address, () => {
      askedAt = world.now();
      askedMs = world.monotonicMs();
      socket.send(question);
    });
    const { answer, elapsedMs } = await promise.finally(() => clearTimeout(timer));
    const receivedAt = toInstant(answer, 32);
    const sentAt = toInstant(answer, 40);
    const [leap, mode, stratum] = [(answer[0] ?? 0) >> 6, (answer[0] ?? 0) & 7, answer[1] ?? 0];
    if (
      mode !== 4 ||
      leap === 3 ||
      stratum === 0 ||
      stratum > 15 ||
      receivedAt === undefined ||
      sentAt === undefined
    ) {
      throw refuse(`it says that it does not know the time (leap ${leap}, mode ${mode}, stratum ${stratum})`);
    }
    return (askedAt - receivedAt + (askedAt + elapsedMs - sentAt)) / 2;
  } finally {
    socket.close();
  }
}

/** A timestamp of the protocol, of the era that lies between 1968 and 2104; undefined when it is none. */
function toInstant(packet: Buffer, at: number): Instant | undefined {
  const seconds = packet.readUInt32BE(at);
  if (seconds === 0) return undefined;
  const era = seconds < eraSeconds / 2 ? eraSeconds : 0;
  return (seconds + era - epochSeconds) * 1000 + (packet.readUInt32BE(at + 4) / eraSeconds) * 1000;
}
