import { createMeterDataReader } from '../formats/meter-data-xml/reader.ts';
import { createXmlReader, XmlFault } from '../formats/xml/xml-reader.ts';
import { MdmaError } from '../model/errors.ts';
import type { Forwarding, Part } from '../ports/forwardings.ts';
import { findFileFault, readWhole } from '../read-file.ts';
import { scanPart } from '../scan-part.ts';
import { type IsoReading, type IsoSeries, toIsoSeries } from './iso-interval.ts';
import type { ReconcileDeps } from './row.ts';

type Take = (series: IsoSeries, reading: IsoReading) => void;

/**
 * Hands on the intervals of a part, in the ISO's terms and in the part's order. The part is held in memory, which is
 * small: under 500 KB for OMAR-Online, under 15 MB for MRI-S.
 *
 * @throws when it is not what was kept, or cannot be read as what its extension says: `findPartFault` tells why
 */
export async function readPart(
  deps: ReconcileDeps,
  { account, transaction }: Pick<Forwarding, 'account' | 'transaction'>,
  part: Part,
  take: Take,
): Promise<void> {
  if (part.extension === 'xml') {
    const bytes = await readWhole(deps.files, part.file);
    const format = await deps.partFormats.getMeterDataFormat(account);
    const onReading = ({
      unit,
      ...row
    }: Parameters<Parameters<typeof createMeterDataReader>[1]['onReading']>[0]) =>
      take({ ...row, isoUnit: unit }, row);
    const reader = createXmlReader(createMeterDataReader(format, { onReading }));
    reader.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return reader.end();
  }
  const format = part.extension === 'csv' ? 'omar-csv' : 'mdef';
  const { postings } = deps.catalogue;
  const { csvLayout } = deps.partFormats;
  await scanPart({ ...deps, postings, csvLayout }, { transaction }, part, (set, readings) => {
    const series = toIsoSeries(format, set);
    for (const { endAt, value, quality } of readings()) {
      if (quality !== 'raw' && quality !== 'missing')
        take(series, { endAt, value, isEstimated: quality === 'estimated' });
    }
  });
}

/**
 * Why a part could not be read, of what `readPart` threw: it is gone or damaged, or what it would be read by cannot be
 * used, such as a mapping file with faults. Undefined of any other error, which is a fault of ours or of the machine's.
 */
export function findPartFault(error: unknown): string | undefined {
  const isUnusable = error instanceof MdmaError && error.code === 'invalid-request';
  return isUnusable || error instanceof XmlFault ? error.message : findFileFault(error);
}
