import { type Command, Option } from 'commander';
import { type Way, ways } from '../../../storage/model/forwarding.ts';
import type { Context } from '../../context.ts';
import { parseDay } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';

interface MapOptions {
  readonly account: string;
  readonly measurementType: string;
  readonly from: string;
  readonly way: Way;
  readonly json?: boolean;
}

/** `resource map|list`: which meter is which resource of the ISO, so that its readings are forwarded. */
export function addResourceCommand(program: Command, context: Context): void {
  const resource = program.command('resource').description('meters that are resources of the ISO: map, list');
  resource
    .command('map')
    .description("map a meter's unit to an ISO resource from a day on; an earlier mapping ends on that day")
    .argument('<meter>', 'meter id, as it stands in the files')
    .argument('<unit>', 'unit of the readings, such as KWH')
    .argument('<resource>', 'resource id at the ISO')
    .requiredOption('--account <name>', 'ISO account it is submitted with, as the configuration names it')
    .requiredOption('--measurement-type <type>', 'what the ISO calls this measurement, such as GEN or LOAD')
    .requiredOption('--from <day>', 'first trade day, ccyy-mm-dd', parseDay)
    .addOption(new Option('--way <way>', 'system of the ISO').choices(ways).default('omar'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
What was posted before a meter was mapped is not forwarded by itself.

Example:
  mdma resource map 05550268 KWH SITE_7_UNIT_1 --account sc-one --measurement-type LOAD --from 2026-11-01`,
    )
    .action((meter: string, unit: string, resourceId: string, options: MapOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const { account, measurementType, way, from: effectiveFrom } = options;
        const mapping = { meter, unit, resourceId, measurementType, account, way, effectiveFrom };
        await catalogue.resources.mapResource(mapping);
        print(
          context,
          options,
          mapping,
          `Mapped ${meter} ${unit} to ${resourceId} from ${effectiveFrom} on.\n`,
        );
      }),
    );
  resource
    .command('list')
    .description('list all mappings')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.resources.listResources();
        const table = toTable(
          found,
          [
            { heading: 'METER', cell: ({ meter }) => meter },
            { heading: 'UNIT', cell: ({ unit }) => unit },
            { heading: 'RESOURCE', cell: ({ resourceId }) => resourceId },
            { heading: 'MEASUREMENT', cell: ({ measurementType }) => measurementType },
            { heading: 'ACCOUNT', cell: ({ account }) => account },
            { heading: 'WAY', cell: ({ way }) => way },
            { heading: 'FROM', cell: ({ effectiveFrom }) => effectiveFrom },
            { heading: 'TO', cell: ({ effectiveTo }) => effectiveTo },
          ],
          'No meters are mapped yet.',
        );
        print(context, options, found, table);
      }),
    );
}
