import { createSocket, type Socket } from 'node:dgram';
import { MdmaError } from '../model/errors.ts';
import type { Instant } from '../model/time.ts';

export interface SntpServer {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Finds the address of a host; it may take as long as it likes. */
export type Lookup = (host: string) => Promise<{ readonly address: string; readonly family: number }>;

const packetBytes = 48;
/** From 1900 to 1970, in seconds. */
const epochSeconds = 2_208_988_800;
const eraSeconds = 2 ** 32;

/**
 * Asks a time server how far this machine's clock is ahead of it, in milliseconds (RFC 4330, client in unicast mode).
 * What is sent as our time is random, so that only who has seen the question can answer it. The time that it may take
 * counts from the look-up of the name on.
 *
 * @param world the clock that is judged, one that nobody can set, 8 random bytes, and who knows names
 * @throws `unavailable` when there is no answer in time, or the server says that it does not know the time
 */
export async function askSntp(
  { host, port, timeoutMs }: SntpServer,
  world: { now: () => Instant; monotonicMs: () => number; nonce: Uint8Array; lookup: Lookup },
): Promise<number> {
  const refuse = (found: string) =>
    new MdmaError('unavailable', `Cannot measure the clock by ${host}: ${found}`);
  const late = Promise.withResolvers<never>();
  let awaited = 'address';
  const timer = setTimeout(() => late.reject(refuse(`no ${awaited} within ${timeoutMs} ms`)), timeoutMs);
  let socket: Socket | undefined;
  try {
    const finding = world.lookup(host).catch((cause: Error) => {
      throw refuse(cause.message);
    });
    const { address, family } = await Promise.race([finding, late.promise]);
    awaited = 'answer';
    const line = createSocket(family === 6 ? 'udp6' : 'udp4');
    socket = line;
    const { promise, resolve, reject } = Promise.withResolvers<{ answer: Buffer; elapsedMs: number }>();
    line.on('error', (error) => reject(refuse(error.message)));
    const question = Buffer.alloc(packetBytes);
    question[0] = 0x23; // version 4, mode 3: client
    question.set(world.nonce.subarray(0, 8), 40);
    let askedAt = 0;
    let askedMs = 0;
    line.on('message', (answer) => {
      // Anything else is not an answer to this question, and the right one may still come.
      if (answer.length < packetBytes || !answer.subarray(24, 32).equals(question.subarray(40, 48))) return;
      resolve({ answer, elapsedMs: world.monotonicMs() - askedMs });
    });
    line.connect(port, address, () => {
      askedAt = world.now();
      askedMs = world.monotonicMs();
      line.send(question);
    });
    const { answer, elapsedMs } = await Promise.race([promise, late.promise]);
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
    clearTimeout(timer);
    socket?.close();
  }
}

/** A timestamp of the protocol, of the era that lies between 1968 and 2104; undefined when it is none. */
function toInstant(packet: Buffer, at: number): Instant | undefined {
  const seconds = packet.readUInt32BE(at);
  if (seconds === 0) return undefined;
  const era = seconds < eraSeconds / 2 ? eraSeconds : 0;
  return (seconds + era - epochSeconds) * 1000 + (packet.readUInt32BE(at + 4) / eraSeconds) * 1000;
}
