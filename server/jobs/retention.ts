import { hourMs } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';
import type { Instances } from '../../storage/ports/instances.ts';
import {
  type AgeingFile,
  type LeavingFile,
  type Retention,
  retentionLease,
} from '../../storage/ports/retention.ts';

export interface RetentionDeps {
  readonly retention: Retention;
  readonly files: Pick<FileStore, 'copy' | 'remove'>;
  readonly instances: Pick<Instances, 'takeLease' | 'releaseLease'>;
  readonly clock: Clock;
}

/** What a run did, or would do. */
export interface RetentionReport {
  /** Mailbox files that left their directory. */
  readonly left: LeavingFile[];
  /** Files whose bytes went to the archive root. */
  readonly archived: AgeingFile[];
  /** Files whose bytes went for good. */
  readonly deleted: AgeingFile[];
  /** What could not be done; the next run tries again. */
  readonly failed: { readonly what: string; readonly error: unknown }[];
  /** Whether another process was at it; then nothing was done. */
  readonly isBusy: boolean;
}

const pageLimit = 500;

/**
 * Lets files age (MBX-5, ruling 6): past their days they leave the directory; what no mailbox shows is copied to the
 * archive root, durably, before the row says so, before the original goes; past 36 months the row says first that the
 * bytes are to go, then they go (invariant 2). A run that dies anywhere is taken up by the next.
 *
 * @param options with `isDryRun` nothing changes and the report says what is due now; what would be archived only
 *   after it has left its directory is not in it
 */
export async function runRetention(
  deps: RetentionDeps,
  options: { isDryRun: boolean },
): Promise<RetentionReport> {
  const report: RetentionReport = { left: [], archived: [], deleted: [], failed: [], isBusy: false };
  if (options.isDryRun) {
    const now = deps.clock.now();
    report.left.push(...(await deps.retention.listLeavingFiles(now, pageLimit)));
    report.archived.push(...(await deps.retention.listFilesToArchive(now, pageLimit)));
    report.deleted.push(...(await deps.retention.listFilesToDelete(now, pageLimit)));
    return report;
  }
  if (!(await holdLease(deps))) return { ...report, isBusy: true };
  try {
    await age(deps, report);
  } finally {
    await deps.instances.releaseLease(retentionLease);
  }
  return report;
}

/** Taken anew for every page, so that a long run keeps it and a dead one does not. */
function holdLease({ instances, clock }: RetentionDeps): Promise<boolean> {
  return instances.takeLease(retentionLease, clock.now() + hourMs);
}

async function age(deps: RetentionDeps, report: RetentionReport): Promise<void> {
  const { retention, files, clock } = deps;
  const now = clock.now();
  await eachPage(deps, report.left, report.failed, {
    list: () => retention.listLeavingFiles(now, pageLimit),
    act: ({ mailboxId, name }) => retention.archiveMailboxFile(mailboxId, name),
    describe: ({ mailbox, name }) => `take ${name} out of ${mailbox}`,
  });
  await eachPage(deps, report.archived, report.failed, {
    list: () => retention.listFilesToArchive(now, pageLimit),
    async act({ id, key, codings }) {
      await files.copy(key, 'on-line', 'archive');
      await retention.recordFileArchived(id);
      for (const each of [key, ...codings.map((coding) => coding.key)]) await files.remove('on-line', each);
    },
    describe: ({ key }) => `archive ${key}`,
  });
  await eachPage(deps, report.deleted, report.failed, {
    list: () => retention.listFilesToDelete(now, pageLimit),
    async act({ id, key, root, codings }) {
      await retention.recordFileDeleted(id);
      for (const each of [key, ...codings.map((coding) => coding.key)]) await files.remove(root, each);
    },
    describe: ({ key }) => `delete ${key}`,
  });
}

interface Step<T> {
  list(): Promise<T[]>;
  act(item: T): Promise<void>;
  describe(item: T): string;
}

/** Page after page, for as long as a page brings anything forward; what fails stays for the next run. */
async function eachPage<T>(
  deps: RetentionDeps,
  done: T[],
  failed: RetentionReport['failed'],
  step: Step<T>,
): Promise<void> {
  for (let isGoingOn = true; isGoingOn && (await holdLease(deps)); ) {
    const page = await step.list();
    const before = done.length;
    for (const item of page) {
      try {
        await step.act(item);
        done.push(item);
      } catch (error) {
        failed.push({ what: step.describe(item), error });
      }
    }
    isGoingOn = page.length === pageLimit && done.length > before;
  }
}
