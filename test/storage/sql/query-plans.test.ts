import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FileName } from '../../../storage/model/file-name.ts';
import type { Transaction } from '../../../storage/model/transaction.ts';
import { type FileKey, toFileKey } from '../../../storage/ports/file-store.ts';
import type { Context } from '../../../storage/sql/context.ts';
import type { Database } from '../../../storage/sql/database.ts';
import { claimForwarding } from '../../../storage/sql/forwardings/claim-forwarding.ts';
import { countAttention } from '../../../storage/sql/forwardings/count-attention.ts';
import { findRelated } from '../../../storage/sql/forwardings/find-related.ts';
import { findForwarding, listForwardings } from '../../../storage/sql/forwardings/list-forwardings.ts';
import { listRivals } from '../../../storage/sql/forwardings/list-rivals.ts';
import { findOvertaking, findPredecessor } from '../../../storage/sql/forwardings/order-of-corrections.ts';
import { findFile } from '../../../storage/sql/mailboxes/find-file.ts';
import { listChangedFiles, listFiles } from '../../../storage/sql/mailboxes/list-files.ts';
import { findMailbox } from '../../../storage/sql/mailboxes/mailboxes.ts';
import { findPauseEnd } from '../../../storage/sql/paces/account-pauses.ts';
import { takeRetrieve } from '../../../storage/sql/paces/retrieve-paces.ts';
import { findByCertificate } from '../../../storage/sql/participants/certificates.ts';
import { findByKey } from '../../../storage/sql/participants/keys.ts';
import { commitPosting } from '../../../storage/sql/postings/commit-posting.ts';
import { findPosting, listPostings } from '../../../storage/sql/postings/find-posting.ts';
import { dropSource, listOpenSources, openSource } from '../../../storage/sql/postings/sources.ts';
import * as ageing from '../../../storage/sql/retention/ageing.ts';
import * as files from '../../../storage/sql/retention/files.ts';
import { acknowledge } from '../../../storage/sql/retrievals/acknowledge.ts';
import * as retrievals from '../../../storage/sql/retrievals/retrievals.ts';
import { createSqliteQueries } from '../../../storage/sql/sqlite-queries.ts';
import { newId } from '../../contract/drivers.ts';
import {
  addParties,
  getName,
  type Parties,
  toReadingSet,
  toSha256,
  toSummary,
} from '../../support/parties.ts';
import { createTestStore } from '../../support/store.ts';

/**
 * What an operation costs must not grow with what the store holds: no statement of those that run with every request
 * or every minute looks through a table that grows.
 */
const growing =
  /\bSCAN (event|file|source|posting|derivation|mailbox_file|reading_set(_row|_kind)?|[rk]|retrieval|coding|forwarding|part|submission|user_pace|account_pause|asking|days|(own|other|later)(_posting)?)\b/;

let parties: Parties;
let name: FileName;
let transaction: Transaction;
let correction: Transaction;
let key: FileKey;
let context: Context;
const statements = new Map<string, readonly unknown[]>();
let db: Sqlite.Database;

beforeAll(async () => {
  const store = await createTestStore();
  parties = await addParties(store);
  const { meter, unit } = toReadingSet();
  await store.catalogue.resources.mapResource({
    ...{ meter, unit, resourceId: 'R_1', measurementType: 'LOAD', account: 'sc-one', way: 'omar' },
    effectiveFrom: '2000-01-01',
  });
  const { posting, file } = await parties.post({ sets: [toReadingSet()] });
  name = getName(posting, parties.espBox);
  transaction = posting.transaction;
  key = file.key;
  const corrects = { corrects: transaction, reasonCode: 'misread', sets: [toReadingSet()] } as const;
  correction = (await parties.post(corrects)).posting.transaction;
  db = new Sqlite(store.config.databaseFile);
  const queries = createSqliteQueries(listenTo(db));
  const database = {
    read: queries,
    write: (operation: (inside: typeof queries) => unknown) => operation(queries),
  };
  context = {
    database: database as unknown as Database,
    clock: store.clock,
    instance: store.catalogue.instances.instance,
  };
  return () => db.close();
});

/** The same connection, which notes what is executed on it. */
function listenTo(connection: Sqlite.Database): Sqlite.Database {
  const prepare = (sql: string) => {
    const statement = connection.prepare(sql);
    const note = (parameters: readonly unknown[]) => statements.set(sql, parameters);
    return {
      reader: statement.reader,
      all: (parameters: unknown[]) => {
        note(parameters);
        return statement.all(parameters);
      },
      run: (parameters: unknown[]) => {
        note(parameters);
        return statement.run(parameters);
      },
    };
  };
  return { prepare } as unknown as Sqlite.Database;
}

/** How SQLite goes about each statement that the operation executes. */
async function plansOf(operation: () => Promise<unknown>): Promise<string[]> {
  statements.clear();
  await operation();
  expect(statements.size).toBeGreaterThan(0);
  // For an INSERT with RETURNING the plan tells of looking for orphans, which happens only while there are some.
  const told = [...statements].filter(([sql]) => !sql.startsWith('insert'));
  return told.flatMap(([sql, parameters]) => {
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters) as { detail: string }[];
    return steps.map(({ detail }) => detail);
  });
}

const now = () => context.clock.now();
const opening = () => ({
  mailboxId: parties.espBox.id,
  name,
  participant: parties.esp,
  credential: '',
  address: '',
  coding: 'identity' as const,
  range: undefined,
});
const order = () => ({
  postedBy: parties.staff,
  mailboxes: [parties.espBox, parties.udcBox],
  originalName: '',
  format: 'cmep' as const,
  profile: 'strict',
  isComplete: true,
  corrects: transaction,
  reasonCode: 'misread' as const,
  note: '',
  isoAccount: null,
  idempotency: { key: newId(), requestSha256: toSha256('request') },
});

const attention = {
  ...{ state: undefined, transaction: undefined, before: undefined },
  ...{ needsAttention: true, limit: 100 },
};

const operations: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
  ['findByCertificate', () => findByCertificate(context, toSha256(''), now())],
  ['findByKey', () => findByKey(context, 'none', now())],
  ['findMailbox', () => findMailbox(context, parties.esp, parties.espBox.name)],
  ['findFile', () => findFile(context, parties.espBox.id, name)],
  ['listFiles', () => listFiles(context, parties.espBox.id, { after: name, limit: 100 })],
  [
    'listChangedFiles since',
    () => listChangedFiles(context, parties.espBox.id, { since: 0, after: undefined, limit: 100 }),
  ],
  [
    'listChangedFiles after',
    () =>
      listChangedFiles(context, parties.espBox.id, { since: 0, after: { changedAt: 1, name }, limit: 100 }),
  ],
  [
    'a retrieval',
    async () => {
      const id = await retrievals.openRetrieval(context, opening());
      await retrievals.endRetrieval(context, id, { bytesSent: 1, isWhole: false });
      await acknowledge(context, parties.esp, parties.espBox.id, name, toSha256('wrong'));
    },
  ],
  [
    'a receipt',
    async () => {
      const found = await findFile(context, parties.espBox.id, name);
      await acknowledge(context, parties.esp, parties.espBox.id, name, found?.sha256 ?? toSha256(''));
    },
  ],
  [
    'listRetrievals of a file',
    () => retrievals.listRetrievals(context, parties.espBox.id, { name, before: 9, limit: 9 }),
  ],
  ['interruptRetrievals', () => retrievals.interruptRetrievals(context, ['none'])],
  [
    'commitPosting',
    () => {
      const file = { key: toFileKey(now(), newId()), sha256: toSha256('x'), bytes: 1 };
      const sets = [toReadingSet()];
      return commitPosting(context, order(), file, {
        summary: toSummary(1, sets),
        sourceId: undefined,
        sets,
      });
    },
  ],
  [
    'listRivals',
    () => {
      const rival = { partId: 1, sinceAt: now() - 60_000, openSinceAt: now() - 90_000, limit: 50 };
      return listRivals(context, 'sc-one', 'mris', rival);
    },
  ],
  ['findForwarding', () => findForwarding(context, 1)],
  ['findRelated', () => findRelated(context.database.read, 1)],
  ['countAttention', () => countAttention(context)],
  ['listForwardings that need attention', () => listForwardings(context, attention)],
  [
    'findPredecessor of a correction',
    () => findPredecessor(context.database.read, correction, 'sc-one', 'omar'),
  ],
  [
    'findOvertaking of a correction',
    () => findOvertaking(context.database.read, correction, 'sc-one', 'omar'),
  ],
  ['takeRetrieve', () => takeRetrieve(context, 'user', now(), now() + 30_000)],
  ['findPauseEnd', () => findPauseEnd(context, 'sc-one', 'omar')],
  ['claimForwarding', () => claimForwarding(context, 'sc-one', 'omar', now() + 60_000)],
  ['findPosting', () => findPosting(context, parties.staff, transaction)],
  ['dropSource', async () => dropSource(context, await openSource(context))],
  ['listOpenSources', () => listOpenSources(context, ['none'])],
  ['isKnownKey', () => files.isKnownKey(context, 'on-line', key)],
  ['listFiles for check', () => files.listFiles(context, 0, 100)],
  ['listLeavingFiles', () => ageing.listLeavingFiles(context, now(), 100)],
  ['archiveMailboxFile', () => ageing.archiveMailboxFile(context, parties.espBox.id, name)],
  ['listFilesToArchive', () => ageing.listFilesToArchive(context, now(), 100)],
  ['listFilesToDelete', () => ageing.listFilesToDelete(context, now(), 100)],
];

describe('no statement looks through a table that grows', () => {
  test.each(operations)('%s', async (_name, run) => {
    const plans = await plansOf(run);
    expect(plans.filter((detail) => growing.test(detail))).toEqual([]);
  });

  test('a foreign key is checked by an index when its parent goes', () => {
    const parents = ['source'];
    for (const parent of parents) {
      const children = db
        .prepare(
          `SELECT m.name AS child, f."from" AS field FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
          WHERE m.type = 'table' AND f."table" = ?`,
        )
        .all(parent) as { child: string; field: string }[];
      expect(children.length).toBeGreaterThan(2);
      for (const { child, field } of children) {
        const [plan] = db.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM ${child} WHERE ${field} = 1`).all() as {
          detail: string;
        }[];
        expect(plan?.detail).toMatch(/^SEARCH/);
      }
    }
  });
});

describe('pages end where they are full, not where the table ends', () => {
  test('the directory is read from its index, which holds on-line files only', async () => {
    const [first] = await plansOf(() => listFiles(context, parties.espBox.id, { after: name, limit: 100 }));
    expect(first).toBe('SEARCH mailbox_file USING INDEX mailbox_file_on_line (mailbox_id=? AND name>?)');
  });

  const page = { before: undefined, limit: 100 };
  const ofMailbox = { ...page, name: undefined };
  test.each<[string, () => Promise<unknown>]>([
    ['listPostings of staff', () => listPostings(context, parties.staff, page)],
    ['listPostings of a program', () => listPostings(context, parties.program, page)],
    ['listRetrievals', () => retrievals.listRetrievals(context, parties.espBox.id, ofMailbox)],
    [
      'listRetrievals before',
      () => retrievals.listRetrievals(context, parties.espBox.id, { ...ofMailbox, before: 9 }),
    ],
    ['listFilesToCode', () => files.listFilesToCode(context, 100)],
    ['listFiles', () => listFiles(context, parties.espBox.id, { after: name, limit: 100 })],
    [
      'listChangedFiles',
      () => listChangedFiles(context, parties.espBox.id, { since: 0, after: undefined, limit: 9 }),
    ],
    ['listLeavingFiles', () => ageing.listLeavingFiles(context, now(), 100)],
    ['listFilesToArchive', () => ageing.listFilesToArchive(context, now(), 100)],
    ['listFilesToDelete', () => ageing.listFilesToDelete(context, now(), 100)],
  ])('%s sorts nothing: its first statement finds what it lists in order', async (_name, run) => {
    await plansOf(run);
    const [[sql, parameters] = ['', []]] = [...statements];
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters) as { detail: string }[];
    expect(steps.filter(({ detail }) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});
