import { z } from 'zod';
import { mdefProfiles } from '../../storage/formats/mdef/profiles.ts';
import type { TradeDay } from '../../storage/model/trade-day.ts';
import { csvLayoutSchema } from '../csv-layout.ts';

/** What a parameter's value may hold in the place of what is asked for. */
const downloadPlaces = ['{resource}', '{from}', '{to}'] as const;

const shape = z.strictObject({
  /** Path of the page. */
  path: z.string().regex(/^\/[A-Za-z0-9._/-]*$/, 'a path that begins with a slash'),
  /** Parameters of the query by name: constant, or with `{resource}`, `{from}` and `{to}`, the last day included. */
  parameters: z
    .record(z.string().regex(/^[A-Za-z0-9._-]+$/), z.string())
    .refine(
      (parameters) => downloadPlaces.every((place) => Object.values(parameters).join().includes(place)),
      {
        error: `${downloadPlaces.join(', ')}, each in some value`,
      },
    ),
  /** Days as the ISO writes them, with `YYYY`, `MM` and `DD`: `MM/DD/YYYY`. */
  dayFormat: z
    .string()
    .refine((text) => ['YYYY', 'MM', 'DD'].every((piece) => text.split(piece).length === 2), {
      error: 'YYYY, MM and DD, each once',
    }),
  /** The content type that tells the file from a page. */
  contentType: z
    .string()
    .regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/, 'a content type in lower case, such as text/csv'),
  /** A file with more is given up. */
  maxBytes: z.int().min(1_000).max(1_073_741_824).default(16_777_216),
});

/**
 * How meter data is downloaded from OMAR-Online. The download automation specification is not public, so that nothing
 * of it stands in code: whoever has it fills this in. What comes back is CSV in a layout, by name or spelt out, or MDEF
 * in a profile.
 */
export const downloadShapeSchema = z.discriminatedUnion('format', [
  shape.extend({ format: z.literal('csv'), profile: csvLayoutSchema }),
  shape.extend({ format: z.literal('mdef'), profile: z.enum(mdefProfiles.map(({ name }) => name)) }),
]);

export type DownloadShape = z.output<typeof downloadShapeSchema>;

/** What is asked for: one resource on some trade days. */
export interface DownloadRequest {
  readonly resourceId: string;
  readonly from: TradeDay;
  /** The last day. */
  readonly to: TradeDay;
}

/** Path and query for a request. */
export function toDownloadPath(shape: DownloadShape, { resourceId, from, to }: DownloadRequest): string {
  const values: Readonly<Record<(typeof downloadPlaces)[number], string>> = {
    '{resource}': resourceId,
    '{from}': toDayText(shape, from),
    '{to}': toDayText(shape, to),
  };
  const query = new URLSearchParams();
  for (const [name, template] of Object.entries(shape.parameters)) {
    query.set(
      name,
      template.replaceAll(/\{(?:resource|from|to)\}/g, (place) => values[place as '{from}']),
    );
  }
  return `${shape.path}?${query}`;
}

function toDayText({ dayFormat }: DownloadShape, day: TradeDay): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return dayFormat.replace('YYYY', year).replace('MM', month).replace('DD', date);
}
