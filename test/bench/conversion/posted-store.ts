import { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import type { StorageConfig } from '../../../storage/config.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import { createStore, openStore } from '../../../storage/open.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { postFile } from '../../../storage/post-file.ts';

export const account = 'sc-one';

/**
 * A store with one posting in strict CMEP that is due to an account at OMAR-Online: its KWH and KVARH, every meter
 * mapped to a resource. The resources are not in the order of the meters, as real ones are not.
 *
 * @param toFile gives the same bytes at every call
 */
export async function makePostedStore(
  config: StorageConfig,
  maxBytes: number,
  toFile: () => Iterable<Buffer>,
): Promise<void> {
  await createStore(config, systemClock);
  const store = await openStore(config, { program: 'ops', clock: systemClock });
  try {
    const { participants, resources } = store.catalogue;
    const name = parseParticipantName('staff');
    const staff = await participants.addParticipant({ name, title: 'Staff', role: 'staff' });
    await resources.mapResource({
      ...{ meter: 'FIRST', unit: 'KWH', resourceId: 'FIRST', measurementType: 'LOAD' },
      ...{ account, way: 'omar', effectiveFrom: '2020-01-01' },
    });
    mapAll(config.databaseFile, listMeters(toFile()));
    await postFile(
      { ...store, clock: systemClock, limits: { maxBytes, reserveBytes: 0 } },
      {
        ...{ postedBy: staff, mailboxes: [], originalName: '', format: 'cmep', profile: 'strict' },
        ...{
          isComplete: true,
          corrects: null,
          reasonCode: null,
          note: '',
          isoAccount: null,
          idempotency: null,
        },
      },
      Readable.from(toFile()),
      { bytes: undefined, sha256: undefined },
    );
  } finally {
    await store.close();
  }
}

function listMeters(pieces: Iterable<Buffer>): ReadonlySet<string> {
  const meters = new Set<string>();
  const scanner = createScanner('cmep', {
    profile: 'strict',
    now: systemClock.now(),
    onReadingSet: ({ meter }) => meters.add(meter),
  });
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return meters;
}

/** As the first mapping, straight to SQL: each for itself would be a transaction of its own. */
function mapAll(databaseFile: string, meters: Iterable<string>): void {
  const db = new Sqlite(databaseFile, { fileMustExist: true });
  try {
    const insert = db.prepare(`
      INSERT INTO resource
      SELECT ?, ?, channel, ?, ?, measurement_type, ?, direction, account, way, effective_from, NULL, since_event, NULL
      FROM resource WHERE id = 1`);
    let id = 1;
    db.transaction(() => {
      for (const meter of meters) {
        const resourceId = `R_${[...meter].reverse().join('')}`;
        for (const unit of ['KWH', 'KVARH']) insert.run(++id, meter, unit, resourceId, unit);
      }
    })();
  } finally {
    db.close();
  }
}
