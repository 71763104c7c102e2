/**
 * Numbers from 1 for the channels of a meter, in their order: a channel keeps its own number (1 to 99) where no channel
 * before it has the same; the others take what is free.
 */
export function toChannelNumbers(channels: readonly string[]): number[] {
  const numbers: (number | undefined)[] = [];
  const taken = new Set<number | undefined>();
  for (const channel of channels) {
    const number = /^[1-9]\d?$/.test(channel) ? Number(channel) : undefined;
    numbers.push(taken.has(number) ? undefined : number);
    taken.add(number);
  }
  let next = 1;
  return numbers.map((number) => {
    if (number !== undefined) return number;
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  });
}
