import { expect, test } from 'vitest';
import { createHeldRows } from '../../../bridge/simulator/omar/held-rows.ts';
import type { HeldFile } from '../../../bridge/simulator/omar/ledger.ts';
import { getOmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import { dayMs } from '../../../storage/model/time.ts';
import { toCsv } from '../omar/omar-setup.ts';

const now = Date.UTC(2004, 2, 1) + 10 * dayMs;

function toFile(fileId: number, owner: string): HeldFile {
  return {
    ...{ fileId, owner, name: `${fileId}.csv`, format: 'CSV', bytes: 1, sha256: '', receivedAt: now },
    ...{ records: 1, ends: 'Validation Passed', validationMs: 0, errors: [] },
  };
}

test('files that passed are read once, and again when one more has, each owner’s apart', () => {
  const read: number[] = [];
  const find = createHeldRows(({ fileId }) => {
    read.push(fileId);
    return fileId === 3 ? Buffer.from(toCsv(1).toString().replace(',0.250,', ',9,')) : toCsv(2);
  }, getOmarCsvLayout('gmt'));
  const [one, two, three] = [toFile(1, 'a'), toFile(2, 'b'), toFile(3, 'a')];
  const rows = find([one], now);
  expect(rows).toMatchObject([{ value: '0.250' }, { value: '1.250' }]);
  expect(find([one], now)).toBe(rows);
  expect(find([two], now)).toEqual(rows);
  expect(read).toEqual([1, 2]);
  expect(find([one, three], now)).toMatchObject([{ value: '9' }, { value: '1.250' }]);
  expect(read).toEqual([1, 2, 1, 3]);
});
