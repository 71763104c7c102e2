import { type Command, Option } from 'commander';
import { type Direction, directions, parseAccount } from '../../../storage/model/resource.ts';
import type { Resource } from '../../../storage/ports/resources.ts';
import type { Context } from '../../context.ts';
import { loadIsoAccounts } from '../../load-iso-accounts.ts';
import { parseDay } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';
import { addBackfill } from './backfill.ts';
import { addChangeResource, addEndResource } from './change-resource.ts';
import { toMappingText } from './mapping-text.ts';

interface MapOptions {
  readonly account: string;
  readonly measurementType: string;
  readonly channel?: string;
  readonly isoUnit?: string;
  readonly direction?: Direction;
  readonly from: string;
  readonly to?: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `resource map|list|change|end|backfill`: which meter is which resource of the ISO, so that it is forwarded. */
export function addResourceCommand(program: Command, context: Context): void {
  const resource = program
    .command('resource')
    .description('meters that are resources of the ISO: map, list, change, end, backfill');
  addMap(resource, context);
  addList(resource, context);
  addChangeResource(resource, context);
  addEndResource(resource, context);
  addBackfill(resource, context);
}

function addMap(resource: Command, context: Context): void {
  resource
    .command('map')
    .description("map a meter's unit to an ISO resource for a period")
    .argument('<meter>', 'meter id, or a resource id in its place, as it stands in the files')
    .argument('<unit>', 'unit of the readings, such as KWH')
    .argument('<resource>', 'resource id at the ISO')
    .requiredOption('--account <name>', 'ISO account it is submitted with, as the configuration names it')
    .requiredOption('--measurement-type <type>', 'what the ISO calls this measurement, such as GEN or LOAD')
    .requiredOption('--from <day>', 'first trade day, ccyy-mm-dd', parseDay)
    .option(
      '--to <day>',
      'the day it ends on, which is no longer in it; until further notice when left out',
      parseDay,
    )
    .option('--channel <channel>', 'only this channel of the meter, as the files name it')
    .option('--iso-unit <unit>', "unit at the ISO; the reading's own when left out")
    .addOption(
      new Option('--direction <direction>', "what the resource counts; the unit's own when left out").choices(
        directions,
      ),
    )
    .option('--reason <text>', 'why, for the record', '')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
It must not overlap another mapping of the same meter, unit and channel: end or change that one first.
What was posted before a meter was mapped is not forwarded by itself: see "mdma help resource backfill".

Example:
  mdma resource map 05550268 KWH SITE_7_UNIT_1 --account sc-one --measurement-type LOAD --from 2026-11-01`,
    )
    .action((meter: string, unit: string, resourceId: string, options: MapOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }, config) => {
        const { account, measurementType, channel, isoUnit, direction, from, to, reason } = options;
        const way = parseAccount(
          { account, resourceId, measurementType, unit, ...(isoUnit !== undefined && { isoUnit }) },
          await loadIsoAccounts(config),
          `Cannot map meter "${meter}"`,
        );
        const mapped = await catalogue.resources.mapResource(
          {
            ...{ meter, unit, resourceId, measurementType, account, way, effectiveFrom: from },
            ...(channel !== undefined && { channel }),
            ...(isoUnit !== undefined && { isoUnit }),
            ...(direction !== undefined && { direction }),
            ...(to !== undefined && { effectiveTo: to }),
          },
          { by: context.startedBy, reason },
        );
        print(
          context,
          options,
          mapped,
          `Mapped ${toMappingText(mapped)} from ${from} on: mapping ${mapped.id}.\n`,
        );
      }),
    );
}

const columns: readonly Column<Resource>[] = [
  { heading: 'ID', cell: ({ id }) => id, isNumber: true },
  { heading: 'METER', cell: ({ meter }) => meter },
  { heading: 'CHANNEL', cell: ({ channel }) => channel },
  { heading: 'UNIT', cell: ({ unit }) => unit },
  { heading: 'RESOURCE', cell: ({ resourceId }) => resourceId },
  { heading: 'MEASUREMENT', cell: ({ measurementType }) => measurementType },
  { heading: 'ISO UNIT', cell: ({ isoUnit }) => isoUnit },
  { heading: 'DIRECTION', cell: ({ direction }) => direction },
  { heading: 'ACCOUNT', cell: ({ account }) => account },
  { heading: 'WAY', cell: ({ way }) => way },
  { heading: 'FROM', cell: ({ effectiveFrom }) => effectiveFrom },
  { heading: 'TO', cell: ({ effectiveTo }) => effectiveTo },
];

function addList(resource: Command, context: Context): void {
  resource
    .command('list')
    .description('list the mappings in force')
    .option('--meter <meter>', 'only of this meter')
    .option('--account <name>', 'only through this ISO account')
    .addOption(jsonOption())
    .action((options: { meter?: string; account?: string; json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const { meter, account } = options;
        const found = await catalogue.resources.listResources({ meter, account });
        print(context, options, found, toTable(found, columns, 'No meters are mapped.'));
      }),
    );
}
