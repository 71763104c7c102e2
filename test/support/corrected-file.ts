import { toCmepFile } from '../bench/cmep-data.ts';

/** The first record of the first meter of `toCmepFile`, each value of its half day 100 kWh more. */
export function toCorrectedFile(): Buffer {
  const [record = ''] = toCmepFile(6_000, 1).toString('latin1').split('\r\n');
  const corrected = record.replace(/(\d{12},E?,)(\d\.\d{3})/g, (_, stamp, value) => `${stamp}10${value}`);
  return Buffer.from(`${corrected}\r\n`, 'latin1');
}
