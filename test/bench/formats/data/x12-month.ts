import { toIsa, toSet } from '../../../storage/formats/x12/build-x12.ts';
import { makeRandom } from './random.ts';

/**
 * October 2025 in X12 867, of any size, the same at every run: one transaction set an account, in one account of
 * sixteen a hundredth of the values estimated. Control numbers and references count up, so that nothing comes twice.
 */
const begin = ['DTM*150****DT*202510010000', 'DTM*151****DT*202511010000'];
const quarters = 31 * 96;

function* toFile(maxBytes: number, toLoops: (number: number) => string[], type: string): Generator<Buffer> {
  const toBytes = (segments: readonly string[]) =>
    Buffer.from(segments.map((one) => `${one}~\r\n`).join(''), 'latin1');
  const head = toBytes([toIsa(), 'GS*PT*333333333*222222222*20251105*0630*1*X*004010']);
  yield head;
  let bytes = head.length + 100;
  let sets = 0;
  for (;;) {
    const control = String(sets + 1).padStart(7, '0');
    const header = [
      `BPT*00*333333333-20251105-${control}*20251105*${type}****0630`,
      'N1*8S*EXAMPLE UDC*1*111111111',
      `REF*12*UDC-${control}`,
      'N1*SJ*EXAMPLE ESP*1*222222222**40',
      'REF*11*ESP-ACCT-77',
      'N1*55*EXAMPLE MDMA*1*333333333**41',
    ];
    const set = toBytes(toSet([...header, ...toLoops(sets + 1)], control));
    bytes += set.length;
    if (bytes > maxBytes) break;
    sets++;
    yield set;
  }
  yield toBytes([`GE*${sets}*1`, 'IEA*1*000000001']);
}

/** Quarter hours: a meter with its kWh and kVARh an account. */
export function* toX12Month(maxBytes: number): Generator<Buffer> {
  const random = makeRandom(0x9e3779b9);
  const blocks = Array.from({ length: 16 }, (_, block) =>
    ['KH', 'K3'].map((unit) =>
      Array.from(
        { length: quarters },
        () => `QTY*${block === 0 && random() < 0.01 ? 'KA' : 'QD'}*${(random() * 99).toFixed(3)}*${unit}`,
      ),
    ),
  );
  const toLoops = (number: number) =>
    ['KH', 'K3'].flatMap((unit, index) => [
      'PTD*PM***OZ*EL',
      ...begin,
      `REF*MG*MTR${String(number).padStart(9, '0')}`,
      `REF*LU*SDP${number}`,
      `REF*6W*${index + 1}`,
      `REF*MT*${unit}015`,
      ...(blocks[number % blocks.length]?.[index] ?? []),
    ]);
  yield* toFile(maxBytes, toLoops, 'C1');
}

/** The month as totals: a meter with its reads and three times of use an account. */
export function* toX12Totals(maxBytes: number): Generator<Buffer> {
  const toLoops = (number: number) => {
    const on = number % 1_000;
    const part = (number * 7) % 1_000;
    const off = (number * 13) % 1_000;
    const row = (usage: number, tou: string) => `MEA*AA*PRQ*${usage * 40}*KH*1000*${1_000 + usage}*${tou}`;
    const total = on + part + off;
    return [
      'PTD*PM***OZ*EL',
      ...begin,
      `REF*MG*MTR${String(number).padStart(9, '0')}`,
      `REF*LU*SDP${number}`,
      'REF*MT*KHMON',
      `QTY*QD*${total * 40}*KH`,
      'MEA**MU*40',
      row(on, '42'),
      row(part, '43'),
      row(off, '41'),
      row(total, '51'),
    ];
  };
  yield* toFile(maxBytes, toLoops, 'DD');
}
