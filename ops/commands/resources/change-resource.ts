import { type Command, Option } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import { type Direction, directions, parseChange } from '../../../storage/model/resource.ts';
import type { Store } from '../../../storage/open.ts';
import type { MappingChange, ResourceVersion } from '../../../storage/ports/resources.ts';
import type { Context } from '../../context.ts';
import { loadIsoAccounts } from '../../load-iso-accounts.ts';
import { parseCount, parseDay } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { reasonOption } from '../../reason-option.ts';
import { withStore } from '../../with-store.ts';
import { toMappingText } from './mapping-text.ts';

interface ChangeOptions {
  readonly account?: string;
  readonly resource?: string;
  readonly measurementType?: string;
  readonly isoUnit?: string;
  readonly direction?: Direction;
  readonly from?: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `resource change`: another account, and with it another way, or anything else of a mapping but its meter. */
export function addChangeResource(resource: Command, context: Context): void {
  resource
    .command('change')
    .description('change a mapping, for its whole period or from a day on')
    .argument('<id>', 'number of the mapping', parseCount)
    .option('--account <name>', 'another ISO account; a change of way is this and nothing else')
    .option('--resource <id>', 'another resource')
    .option('--measurement-type <type>', 'another measurement type')
    .option('--iso-unit <unit>', 'another unit at the ISO')
    .addOption(new Option('--direction <direction>', 'what the resource counts').choices(directions))
    .option('--from <day>', 'only from this trade day on, ccyy-mm-dd', parseDay)
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
What was posted before keeps the mapping it was forwarded by.

Example:
  mdma resource change 7 --account sc-one-mris --from 2026-12-01 --reason "MRI-S from December on"`,
    )
    .action((id: number, options: ChangeOptions, command: Command) =>
      withStore(context, command, async (store, config) => {
        const action = `Cannot change mapping ${id}`;
        const now = await getVersion(store, id, action);
        const change = parseChange(now, toGiven(options), await loadIsoAccounts(config), action);
        const act = { by: context.startedBy, reason: options.reason };
        const changed = await store.catalogue.resources.changeResource(id, change, options.from, act);
        print(context, options, changed, `Mapping ${changed.id}: ${toMappingText(changed)}.\n`);
      }),
    );
}

/** `resource end`: from a day on the meter is not forwarded. */
export function addEndResource(resource: Command, context: Context): void {
  resource
    .command('end')
    .description('end a mapping; on its first day or before, take it back as a whole')
    .argument('<id>', 'number of the mapping', parseCount)
    .requiredOption('--on <day>', 'first trade day without it, ccyy-mm-dd', parseDay)
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  mdma resource end 7 --on 2026-12-01 --reason "the meter was removed"',
    )
    .action((id: number, options: { on: string; reason: string; json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const { on, reason } = options;
        await catalogue.resources.endResource(id, on, { by: context.startedBy, reason });
        const versions = await catalogue.resources.listVersions(id);
        print(context, options, versions, `Mapping ${id} is not in force from ${on} on.\n`);
      }),
    );
}

/** @throws `not-found` */
async function getVersion({ catalogue }: Store, id: number, action: string): Promise<ResourceVersion> {
  const version = (await catalogue.resources.listVersions(id)).at(-1);
  if (version !== undefined) return version;
  throw new MdmaError('not-found', `${action}: there is no such mapping`);
}

function toGiven({
  account,
  resource: resourceId,
  measurementType,
  isoUnit,
  direction,
}: ChangeOptions): MappingChange {
  return {
    ...(account !== undefined && { account }),
    ...(resourceId !== undefined && { resourceId }),
    ...(measurementType !== undefined && { measurementType }),
    ...(isoUnit !== undefined && { isoUnit }),
    ...(direction !== undefined && { direction }),
  };
}
