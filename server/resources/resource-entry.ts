import { z } from 'zod';
import { ways } from '../../storage/model/forwarding.ts';
import { directions } from '../../storage/model/resource.ts';
import { toIsoText } from '../../storage/model/time.ts';
import type { Resource, ResourceVersion } from '../../storage/ports/resources.ts';
import { countNumber, instantText } from '../http/fields.ts';

const dayText = z.string().meta({ description: 'Trade day, ccyy-mm-dd', example: '2026-11-01' });

export const resourceSchema = z
  .strictObject({
    id: countNumber,
    href: z.string().meta({ example: '/resources/7' }),
    meter: z
      .string()
      .meta({ description: 'Meter, or the resource id that stands in its place in the files' }),
    channel: z.string().meta({ description: 'Empty: every channel of the meter' }),
    unit: z.string().meta({ description: 'Unit of the readings', example: 'KWH' }),
    resourceId: z.string().meta({ description: 'Resource at the ISO', example: 'SITE_7_UNIT_1' }),
    measurementType: z.string().meta({ example: 'LOAD' }),
    isoUnit: z.string().meta({ description: 'Unit at the ISO', example: 'KWH' }),
    direction: z.enum(directions).meta({ description: 'What the resource counts' }),
    account: z.string().meta({ description: 'ISO account; with it come certificate, environment and way' }),
    way: z.enum(ways),
    effectiveFrom: dayText,
    effectiveTo: dayText.nullable().meta({ description: 'First day without it; null: until further notice' }),
  })
  .meta({ id: 'Resource', description: "What a meter's channel and unit is at the ISO, for some days" });

export const versionsSchema = z
  .strictObject({
    id: countNumber,
    versions: z.array(
      resourceSchema.extend({
        at: instantText,
        kind: z.string().meta({ description: 'mapped, changed or ended', example: 'mapped' }),
        by: z.string(),
        reason: z.string(),
        replacedAt: instantText.nullable().meta({ description: 'null while it is in force' }),
      }),
    ),
  })
  .meta({ id: 'ResourceWithHistory', description: 'Every version there was of a mapping, oldest first' });

export const resourceExample: z.output<typeof resourceSchema> = {
  id: 7,
  href: '/resources/7',
  meter: '05550268',
  channel: '',
  unit: 'KWH',
  resourceId: 'SITE_7_UNIT_1',
  measurementType: 'LOAD',
  isoUnit: 'KWH',
  direction: 'delivered',
  account: 'sc-one',
  way: 'omar',
  effectiveFrom: '2026-11-01',
  effectiveTo: null,
};

export const versionsExample: z.output<typeof versionsSchema> = {
  id: 7,
  versions: [
    {
      ...resourceExample,
      at: '2026-10-30T17:05:00.000Z',
      kind: 'mapped',
      by: 'staff-anna',
      reason: 'new at site 7',
      replacedAt: null,
    },
  ],
};

/** A mapping as staff see it. */
export function toResourceEntry(resource: Resource): z.output<typeof resourceSchema> {
  const { id, meter, channel, unit, resourceId, measurementType, isoUnit, direction } = resource;
  const { account, way, effectiveFrom, effectiveTo } = resource;
  const href = `/resources/${id}`;
  return {
    ...{ id, href, meter, channel, unit, resourceId, measurementType, isoUnit, direction },
    ...{ account, way, effectiveFrom, effectiveTo },
  };
}

/** Its whole history. */
export function toVersionsEntry(
  id: number,
  versions: readonly ResourceVersion[],
): z.output<typeof versionsSchema> {
  return {
    id,
    versions: versions.map((version) => ({
      ...toResourceEntry(version),
      at: toIsoText(version.at),
      kind: version.kind,
      by: version.by,
      reason: version.reason,
      replacedAt: version.replacedAt === null ? null : toIsoText(version.replacedAt),
    })),
  };
}
