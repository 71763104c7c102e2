import { makeRandom } from '../../../bench/formats/data/random.ts';

/** Quarter past midnight is the first end of a day. Among them the days of 23 and of 25 hours. */
const days = [
  '2025-03-08T08:00Z',
  '2025-03-09T08:00Z',
  '2025-06-30T07:00Z',
  '2025-11-01T07:00Z',
  '2025-11-02T07:00Z',
  '2025-11-03T08:00Z',
].map((text) => Date.parse(text));
const units = ['KWH', 'KWH', 'GKWH', 'KVARH', 'GKVARH', 'KW'];
const multipliers = ['1', '1', '1.0', '', '40', '0.001', '0.25'];
const intervals = ['00000005', '00000010', '00000015', '00000030', '00000100'];
const flags = ['', '', '', '', '', '', 'E', 'A', 'R', 'N'];

/**
 * Strict CMEP of everything that a conversion to OMAR CSV treats in its own way, the same at every call: every interval
 * length, days with a change of clocks, stamps given and left out, values of all forms, flags, gaps, steps back in time,
 * repeats, registers, meters whose names no resource can have.
 *
 * @param oddities whether there are intervals given twice and values too long for OMAR, too
 */
export function toVariedCmep(meters: number, oddities: boolean): string {
  const random = makeRandom(0x2545f491);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const lines: string[] = [];
  for (let meter = 0; meter < meters; meter++) {
    // Not in the order of their names.
    const name = `${oddities && meter % 17 === 5 ? 'm' : 'M'}${(meter * 7_919) % 10_000}`;
    for (const unit of new Set([pick(units), pick(units)])) {
      const interval = pick(intervals);
      const multiplier = pick(multipliers);
      const chosen = days.filter(() => random() < 0.6);
      if (random() < 0.3) chosen.reverse();
      if (oddities && random() < 0.2) chosen.push(chosen[0] ?? (days[0] as number));
      for (const day of chosen) lines.push(...toDay(name, unit, interval, multiplier, day));
    }
    if (meter % 5 === 0) lines.push(toLine(name, 'KWHREG', '1', '', ['202511010700,,1', '202511020700,,2']));
  }
  return lines.join('');

  function toDay(name: string, unit: string, interval: string, multiplier: string, day: number): string[] {
    const stepMs = (interval === '00000100' ? 60 : Number(interval)) * 60_000;
    const count = 86_400_000 / stepMs;
    const isGiven = random() < 0.7;
    const triplets = Array.from({ length: count }, (_, index) => {
      const isFirst = index % 48 === 0;
      const flag = pick(flags);
      const stamp = isGiven || isFirst ? toStamp(day + (index + 1) * stepMs) : '';
      return `${stamp},${flag},${flag === 'N' ? '' : toValue()}`;
    }).filter(() => !isGiven || random() < 0.98);
    const pieces = [];
    for (let from = 0; from < triplets.length; from += 48) pieces.push(triplets.slice(from, from + 48));
    return pieces.map((some) => toLine(name, unit, multiplier, interval, some));
  }

  function toValue(): string {
    const whole = Math.floor(10 ** (random() * 7));
    switch (Math.floor(random() * 20)) {
      case 0:
        return '0';
      case 1:
        return `00${whole}.5`;
      case 2:
        return `${whole}.00050`;
      case 3:
        return `${whole % 100}.12345`;
      case 4:
        return `1.${whole % 100}D2`;
      case 5:
        return `-${whole}`;
      case 6:
        return oddities ? `9999${String(whole).padStart(9, '0')}` : '+12.5';
      case 7:
        return '000.000';
      default:
        return (whole / 1_000).toFixed(Math.floor(random() * 4));
    }
  }
}

function toLine(
  name: string,
  unit: string,
  multiplier: string,
  interval: string,
  triplets: readonly string[],
): string {
  const head = `MEPMD01,19970819,MDMA,,ESP,,202511201200,${name},OK,E,${unit},${multiplier},${interval}`;
  return `${head},${triplets.length},${triplets.join(',')}\r\n`;
}

function toStamp(at: number): string {
  return new Date(at).toISOString().replace(/[-T:]/g, '').slice(0, 12);
}
