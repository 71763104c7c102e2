import type { FaultList } from '../fault-list.ts';
import type { ReadingSet } from '../format.ts';
import type { CheckCode } from './check-table.ts';
import { toRecordFault, toSeriesName, toStampText } from './record-fault.ts';
import { findIntervals, findRegisterSum } from './register-sum.ts';
import type { Series, SeriesKind } from './series.ts';
import type { StampRun } from './stamp-runs.ts';

/** Energy units: direction (nothing or G, N, S before; what follows in MDEF), W or VAR, and whether a register. */
const energyUnit = /^([GNS]?)K(W|VAR)H(?:REG)?( .*)?$/;

/** One meter, or one unmetered account, of one sender. */
export class Meter {
  readonly key: string;
  readonly series: Series[] = [];

  /** @param key from {@link toMeterKey} */
  constructor(key: string) {
    this.key = key;
  }

  find(set: ReadingSet, kind: SeriesKind): Series | undefined {
    for (const series of this.series) if (series.isOf(set, kind)) return series;
    return undefined;
  }

  /** Its name for people. */
  get name(): string {
    const [meter = '', , account, sdp] = this.key.split('\0');
    return meter === 'UNMETERED' ? `UNMETERED ${account || sdp}` : meter;
  }
}

/** What tells meters apart: sender and meter, of unmetered ones also account and delivery point. */
export function toMeterKey({ sender, meter, account, sdp }: ReadingSet): string {
  return meter === 'UNMETERED' ? `${meter}\0${sender}\0${account}\0${sdp}` : `${meter}\0${sender}`;
}

/** What is known of a meter only when nothing more of it comes: holes, register sums, reactive energy alone. */
export function judgeMeter(meter: Meter, faults: FaultList<CheckCode>): void {
  for (const series of meter.series) {
    if (series.title.kind !== 'instant' && !series.isCapped) reportGaps(meter, series, faults);
    if (series.title.isRegister) reportRegisterSum(meter, series, faults);
  }
  reportReactiveAlone(meter, faults);
}

function reportGaps(meter: Meter, series: Series, faults: FaultList<CheckCode>): void {
  for (let i = 1; i < series.runs.length; i++) {
    const before = series.runs[i - 1] as StampRun;
    const after = series.runs[i] as StampRun;
    if (after.start <= before.last) continue;
    const name = toSeriesName(meter.name, series.title);
    const message = `Nothing covers ${toStampText(before.last)} to ${toStampText(after.start)} of ${name}.`;
    faults.add('C_GAP', toRecordFault(after, message, name));
  }
}

function reportRegisterSum(meter: Meter, register: Series, faults: FaultList<CheckCode>): void {
  const intervals = findIntervals(register, meter.series);
  const found = intervals && findRegisterSum(register, intervals);
  if (found === undefined) return;
  const name = toSeriesName(meter.name, register.title);
  const period = `${toStampText(register.firstAt)} to ${toStampText(register.lastAt)}`;
  const message = `From ${period} the register of ${name} rose by ${found.difference}, its intervals add up to ${found.sum}; expected at most ${found.tolerance} between them.`;
  faults.add('C_REGISTER_SUM', toRecordFault(register.runs[0] as StampRun, message, name));
}

function reportReactiveAlone(meter: Meter, faults: FaultList<CheckCode>): void {
  const energies = meter.series.map(({ title }) => energyUnit.exec(title.unit));
  const directionOf = (match: RegExpExecArray) => `${match[1]}${match[3] ?? ''}`;
  const active = new Set(energies.flatMap((match) => (match?.[2] === 'W' ? [directionOf(match)] : [])));
  for (const [index, match] of energies.entries()) {
    if (match?.[2] !== 'VAR' || active.has(directionOf(match))) continue;
    // Once for a direction: the register and the interval channel of one are the same finding.
    active.add(directionOf(match));
    const series = meter.series[index] as Series;
    const name = toSeriesName(meter.name, series.title);
    const { unit } = series.title;
    const expected = unit.replace('VAR', 'W');
    const message = `The meter has ${unit} without ${expected.replace('REG', '')}, neither intervals nor a register.`;
    faults.add('C_KVARH_ALONE', toRecordFault(series.runs[0] as StampRun, message, name));
  }
}
