import { setTimeout as delay } from 'node:timers/promises';
import { askIso } from '../../../bridge/ask-iso.ts';
import { toBridgeSettings } from '../../../bridge/config.ts';
import type { Log } from '../../../bridge/forwarding/step-context.ts';
import type { ServedAccount } from '../../../bridge/loop.ts';
import { openAccounts, toAccountsRefusal } from '../../../bridge/open-accounts.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import { dayMs, type Instant } from '../../../storage/model/time.ts';
import { type TradeDay, toDayStart } from '../../../storage/model/trade-day.ts';
import type { Store } from '../../../storage/open.ts';
import { collectSent } from '../../../storage/reconciliation/collect-sent.ts';
import { createIsoSide, type IsoSide } from '../../../storage/reconciliation/iso-side.ts';
import { createDayFilter } from '../../../storage/reconciliation/reconcile.ts';
import type { ReconcileDeps } from '../../../storage/reconciliation/row.ts';
import { type Config, getSection } from '../../config.ts';
import type { Context } from '../../context.ts';
import { createProgress } from '../../progress.ts';

export interface AskFilter {
  readonly from: TradeDay;
  readonly to: TradeDay;
  /** All that are configured when left out. */
  readonly account: string | undefined;
  readonly updatedSinceAt: Instant | undefined;
}

/** So many days of the shortest intervals are what one answer of MRI-S can hold of one resource. */
const maxDays = 100;

/**
 * Asks the ISO what it holds of some trade days, through the accounts of the configuration, and puts it beside what was
 * sent. Of each account the resources are asked for that are mapped to it then, that its parts name, and that its setting
 * `resources` spells out.
 *
 * @throws `invalid-request` for an account that is not configured or whose files cannot be used, an OMAR account without
 *   `bridge.download`, and more than 100 days; whatever `askIso` throws
 */
export async function askIsoSide(
  context: Context,
  { store, config, deps }: { store: Store; config: Config; deps: ReconcileDeps },
  filter: AskFilter,
): Promise<IsoSide> {
  const { from, to, updatedSinceAt } = filter;
  const configs = chooseAccounts(config, filter);
  const { catalogue, files, newId } = store;
  const side = createIsoSide({
    isWanted: createDayFilter({ from, to }),
    updatedSinceAt,
    mdefAccounts: new Set(
      config.bridge.download?.format === 'mdef'
        ? configs.filter(({ way }) => way === 'omar').map(({ name }) => name)
        : [],
    ),
  });
  // The ISO's clock may be behind ours.
  const askedSinceAt = updatedSinceAt && updatedSinceAt - config.bridge.mris.clockMarginSeconds * 1000;
  const names = new Set(configs.map(({ name }) => name));
  const sent = await collectSent(deps, side, { accounts: names, from, to });
  const log = toLog(context);
  const { accounts, faults } = await openAccounts({ accounts: configs }, config.bridge, {
    ...{ clock: context.clock, log, paces: catalogue.retrievePaces },
  });
  const progress = createProgress(context, 'asking the ISO');
  try {
    if (faults.length > 0) throw toAccountsRefusal(faults);
    for (const account of accounts) {
      const { name, way } = account;
      const resourceIds = await listResourceIds(store, account, sent.get(name) ?? [], filter);
      if (resourceIds.length === 0) continue;
      await askIso(
        {
          ...{ forwardings: catalogue.forwardings, instances: catalogue.instances, files, newId, log },
          accountPauses: catalogue.accountPauses,
          ...{ clock: context.clock, settings: toBridgeSettings(config.bridge) },
          signal: new AbortController().signal,
          wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
        },
        account,
        { resourceIds, from, to, updatedSinceAt: askedSinceAt },
        {
          take: (interval) => side.addHeld(name, way, interval),
          onProgress: (done, total) => progress.update(done, total),
        },
      );
    }
  } finally {
    progress.stop();
    await Promise.all(accounts.map(({ iso }) => iso.close()));
  }
  return side;
}

function chooseAccounts(config: Config, { from, to, account }: AskFilter) {
  const refuse = (found: string) => new MdmaError('invalid-request', `Cannot ask the ISO: ${found}`);
  const days = Math.round((toDayStart(to) - toDayStart(from)) / dayMs) + 1;
  if (days < 1 || days > maxDays)
    throw refuse(`${days} days from ${from} to ${to}, expected 1 to ${maxDays}`);
  const { accounts } = getSection(config, 'iso');
  const chosen = accounts.filter(({ name }) => account === undefined || name === account);
  if (chosen.length === 0) throw refuse(`account "${account}" is not configured`);
  const omar = chosen.find(({ way }) => way === 'omar');
  if (omar !== undefined && config.bridge.download === undefined) {
    throw refuse(
      `account "${omar.name}" is at OMAR-Online, and bridge.download is not set; name another with --account`,
    );
  }
  return chosen;
}

async function listResourceIds(
  { catalogue }: Store,
  { name, resources }: ServedAccount,
  sent: Iterable<string>,
  { from, to }: AskFilter,
): Promise<string[]> {
  const mapped = (await catalogue.resources.listResources({ account: name })).filter(
    ({ effectiveFrom, effectiveTo }) => effectiveFrom <= to && (effectiveTo === null || from < effectiveTo),
  );
  const spelt = (resources ?? []).filter((each) => !each.endsWith('*'));
  return [...new Set([...sent, ...mapped.map(({ resourceId }) => resourceId), ...spelt])].sort();
}

function toLog({ stderr }: Context): Log {
  const tell = (_fields: object, words: string) => void stderr.write(`mdma: ${words}\n`);
  return { info: () => undefined, warn: tell, error: tell };
}
