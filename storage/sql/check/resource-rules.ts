import { sql } from 'kysely';
import type { Rule } from './rule.ts';

const invariant = '7 mappings follow from events';

/**
 * Mappings of meters to resources of the ISO, against the events that made them: their own, or, in a store of the first
 * program, that of the mapping that cut one short.
 */
export const resourceRules: readonly Rule[] = [
  {
    invariant,
    found: 'its event is missing, or says another resource, account or period',
    broken: sql`
      SELECT 'mapping ' || r.id AS subject FROM resource r
      LEFT JOIN event e ON e.sequence = r.since_event AND e.subject = 'resource'
      WHERE e.sequence IS NULL OR e.body ->> 'meter' <> r.meter OR e.body ->> 'unit' <> r.unit
        OR iif(e.subject_id = r.id, e.body ->> 'resourceId' <> r.resource_id OR e.body ->> 'account' <> r.account
          OR e.body ->> 'effectiveFrom' <> r.effective_from, e.body ->> 'effectiveFrom' IS NOT r.effective_to)`,
  },
  {
    invariant,
    found: 'is in force for days on which another is, for the same meter, unit and channel',
    broken: sql`
      SELECT 'mapping ' || one.id AS subject FROM resource one
      JOIN resource other ON other.meter = one.meter AND other.unit = one.unit AND other.id <> one.id
        AND (other.channel = one.channel OR other.channel = '')
        AND other.effective_from < coalesce(one.effective_to, '9999') AND coalesce(other.effective_to, '9999') > one.effective_from
      WHERE one.until_event IS NULL AND other.until_event IS NULL`,
  },
];
