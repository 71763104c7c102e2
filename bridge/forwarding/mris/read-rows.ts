import type {
  MeterDataFormat,
  MeterReading,
} from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { createMeterDataReader } from '../../../storage/formats/meter-data-xml/reader.ts';
import { createXmlReader } from '../../../storage/formats/xml/xml-reader.ts';
import type { DurableFile } from '../../../storage/ports/postings.ts';
import { readChunks } from '../../../storage/read-file.ts';
import type { StepContext } from '../step-context.ts';

/** The intervals of a part, in its order and in the ISO's terms. */
export async function readRows(
  { files }: Pick<StepContext, 'files'>,
  file: DurableFile,
  format: MeterDataFormat,
): Promise<MeterReading[]> {
  const { push, end } = createRowReader(format);
  await readChunks(files, file, push);
  return end();
}

/** Reads a document in pieces. */
export function createRowReader(format: MeterDataFormat): {
  push(piece: Uint8Array): void;
  end(): MeterReading[];
} {
  const rows: MeterReading[] = [];
  const reader = createXmlReader(createMeterDataReader(format, { onReading: (row) => rows.push(row) }));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return {
    push: (piece) => reader.write(decoder.decode(piece, { stream: true })),
    end() {
      reader.write(decoder.decode());
      reader.end();
      return rows;
    },
  };
}
