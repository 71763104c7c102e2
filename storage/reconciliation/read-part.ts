import { createMeterDataReader } from '../formats/meter-data-xml/reader.ts';
import { isFirstLine, omarCsvLayouts } from '../formats/omar-csv/columns.ts';
import { createScanner } from '../formats/scanners.ts';
import { createXmlReader } from '../formats/xml/xml-reader.ts';
import type { Forwarding, Part } from '../ports/forwardings.ts';
import { readWhole } from '../read-file.ts';
import { type IsoReading, type IsoSeries, toIsoSeries } from './iso-interval.ts';
import type { ReconcileDeps } from './row.ts';

type Take = (series: IsoSeries, reading: IsoReading) => void;

/**
 * Hands on the intervals of a part, in the ISO's terms and in the part's order. The part is held in memory, which is
 * small: under 500 KB for OMAR-Online, under 15 MB for MRI-S.
 *
 * @throws when it is not what was kept, or cannot be read as what its extension says
 */
export async function readPart(
  deps: ReconcileDeps,
  { account, transaction }: Pick<Forwarding, 'account' | 'transaction'>,
  { file, extension }: Part,
  take: Take,
): Promise<void> {
  const bytes = await readWhole(deps.files, file);
  if (extension === 'xml') {
    const format = await deps.getMeterDataFormat(account);
    const onReading = ({
      unit,
      ...row
    }: Parameters<Parameters<typeof createMeterDataReader>[1]['onReading']>[0]) =>
      take({ ...row, isoUnit: unit }, row);
    const reader = createXmlReader(createMeterDataReader(format, { onReading }));
    reader.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return reader.end();
  }
  const source = await deps.catalogue.postings.getSource(transaction);
  const format = extension === 'csv' ? 'omar-csv' : 'mdef';
  const profile = source.key === file.key ? source.profile : findLayout(bytes, file.key);
  const scanner = createScanner(format, {
    profile,
    now: deps.clock.now(),
    onReadingSet(set, readings) {
      const series = toIsoSeries(format, set);
      for (const { endAt, value, quality } of readings()) {
        if (quality !== 'raw' && quality !== 'missing')
          take(series, { endAt, value, isEstimated: quality === 'estimated' });
      }
    },
  });
  scanner.push(bytes);
  scanner.end();
}

function findLayout(bytes: Uint8Array, key: string): string {
  const [firstLine = ''] = Buffer.from(bytes.subarray(0, 1_000)).toString('latin1').split('\r\n', 1);
  const layout = omarCsvLayouts.find((each) => isFirstLine(firstLine, each));
  if (layout === undefined) throw new Error(`Cannot read file ${key}: it is in no known layout`);
  return layout.name;
}
