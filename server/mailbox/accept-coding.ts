import type { CodedFile, Coding } from '../../storage/ports/mailboxes.ts';

/** In the order in which we would rather send them: zstd is smaller and cheaper for the client. */
const preferred: readonly Coding[] = ['zstd', 'gzip'];

/**
 * The kept coding to send, by `Accept-Encoding` (RFC 9110, section 12.5.3).
 *
 * @returns undefined for identity: no coding is kept, or none that is offered, or identity is what the client prefers
 */
export function findAcceptedCoding(
  header: string | undefined,
  kept: readonly CodedFile[],
): CodedFile | undefined {
  if (header === undefined || kept.length === 0) return undefined;
  const weights = toWeights(header);
  const identity = weights.get('identity') ?? 0;
  let best: CodedFile | undefined;
  let bestWeight = 0;
  for (const coding of preferred) {
    const found = kept.find((file) => file.coding === coding);
    const weight = weights.get(coding) ?? weights.get('*') ?? 0;
    if (found === undefined || weight <= bestWeight || weight < identity) continue;
    best = found;
    bestWeight = weight;
  }
  return best;
}

function toWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight) || 0);
  }
  return weights;
}
