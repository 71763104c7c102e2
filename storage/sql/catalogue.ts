import type { Catalogue } from '../ports/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Program } from '../ports/instances.ts';
import { backupDatabase } from './backup-database.ts';
import { findContradictions } from './check/find-contradictions.ts';
import type { Context } from './context.ts';
import { Database } from './database.ts';
import { toForwardings } from './forwardings/to-forwardings.ts';
import * as instances from './instances/instances.ts';
import { findFile } from './mailboxes/find-file.ts';
import { listChangedFiles, listFiles } from './mailboxes/list-files.ts';
import * as mailboxes from './mailboxes/mailboxes.ts';
import * as accountPauses from './paces/account-pauses.ts';
import * as retrievePaces from './paces/retrieve-paces.ts';
import * as certificates from './participants/certificates.ts';
import * as keys from './participants/keys.ts';
import * as participants from './participants/participants.ts';
import { commitPosting } from './postings/commit-posting.ts';
import { findPosting, getSource, listPostings } from './postings/find-posting.ts';
import { listRefusals, recordRefusal } from './postings/refusals.ts';
import { skipTransactions } from './postings/skip-transactions.ts';
import * as sources from './postings/sources.ts';
import * as reconciliation from './reconciliation/reconciliation.ts';
import { backfill, listBackfill } from './resources/backfill.ts';
import { countUnmapped } from './resources/count-unmapped.ts';
import { getConversion, listMapped } from './resources/get-conversion.ts';
import { listEarlierSets } from './resources/list-earlier-sets.ts';
import { listResources, listVersions } from './resources/list-resources.ts';
import * as resources from './resources/resources.ts';
import * as ageing from './retention/ageing.ts';
import * as files from './retention/files.ts';
import { setFileHold } from './retention/set-file-hold.ts';
import { acknowledge } from './retrievals/acknowledge.ts';
import * as retrievals from './retrievals/retrievals.ts';

/** Operations as functions of a context become a port's methods. */
type Bound<F> = F extends (context: Context, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/**
 * Opens the catalogue on an existing SQLite file with the current schema and begins an instance in it.
 *
 * @param instance a random id, new for every run of a program
 */
export async function openSqliteCatalogue(
  path: string,
  run: { program: Program; instance: string; clock: Clock; makeRoom: () => Promise<boolean> },
): Promise<Catalogue> {
  const database = new Database(path, run.makeRoom);
  const context: Context = { database, clock: run.clock, instance: run.instance };
  const bind = <F extends (context: Context, ...rest: never[]) => unknown>(operation: F): Bound<F> =>
    ((...rest: never[]) => operation(context, ...rest)) as Bound<F>;

  try {
    await instances.beginInstance(context, run.program);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    participants: {
      addParticipant: bind(participants.addParticipant),
      listParticipants: bind(participants.listParticipants),
      findParticipant: (name) => participants.findParticipant(database.read, name),
      registerCertificate: bind(certificates.registerCertificate),
      revokeCertificate: bind(certificates.revokeCertificate),
      listCertificates: bind(certificates.listCertificates),
      findByCertificate: bind(certificates.findByCertificate),
      issueKey: bind(keys.issueKey),
      revokeKey: bind(keys.revokeKey),
      listKeys: bind(keys.listKeys),
      findByKey: bind(keys.findByKey),
    },
    mailboxes: {
      addMailbox: bind(mailboxes.addMailbox),
      changeMailbox: bind(mailboxes.changeMailbox),
      listMailboxes: bind(mailboxes.listMailboxes),
      findMailbox: bind(mailboxes.findMailbox),
      getMailboxes: bind(mailboxes.getMailboxes),
      listFiles: bind(listFiles),
      listChangedFiles: bind(listChangedFiles),
      findFile: bind(findFile),
    },
    postings: {
      openSource: bind(sources.openSource),
      addReadingSets: bind(sources.addReadingSets),
      dropSource: bind(sources.dropSource),
      listOpenSources: bind(sources.listOpenSources),
      commitPosting: bind(commitPosting),
      recordRefusal: bind(recordRefusal),
      findPosting: bind(findPosting),
      listPostings: bind(listPostings),
      listRefusals: bind(listRefusals),
      getSource: bind(getSource),
      skipTransactions: bind(skipTransactions),
    },
    retrievals: {
      openRetrieval: bind(retrievals.openRetrieval),
      endRetrieval: bind(retrievals.endRetrieval),
      interruptRetrievals: bind(retrievals.interruptRetrievals),
      acknowledge: bind(acknowledge),
      listRetrievals: bind(retrievals.listRetrievals),
    },
    forwardings: toForwardings(context),
    resources: {
      mapResource: bind(resources.mapResource),
      changeResource: bind(resources.changeResource),
      endResource: bind(resources.endResource),
      listResources: bind(listResources),
      listVersions: bind(listVersions),
      listMapped: bind(listMapped),
      getConversion: bind(getConversion),
      listEarlierSets: bind(listEarlierSets),
      countUnmapped: bind(countUnmapped),
      listBackfill: bind(listBackfill),
      backfill: bind(backfill),
    },
    reconciliation: {
      recordWalk: bind(reconciliation.recordWalk),
      listTransactions: bind(reconciliation.listTransactions),
      findSpan: bind(reconciliation.findSpan),
      listReplacing: bind(reconciliation.listReplacing),
      listStrangers: bind(reconciliation.listStrangers),
    },
    retention: {
      listLeavingFiles: bind(ageing.listLeavingFiles),
      archiveMailboxFile: bind(ageing.archiveMailboxFile),
      listFilesToArchive: bind(ageing.listFilesToArchive),
      recordFileArchived: bind(ageing.recordFileArchived),
      listFilesToDelete: bind(ageing.listFilesToDelete),
      recordFileDeleted: bind(ageing.recordFileDeleted),
      setFileHold: bind(setFileHold),
      isKnownKey: bind(files.isKnownKey),
      listFilesToCode: bind(files.listFilesToCode),
      recordCodings: bind(files.recordCodings),
      listFiles: bind(files.listFiles),
    },
    accountPauses: {
      findPauseEnd: bind(accountPauses.findPauseEnd),
      pauseAccount: bind(accountPauses.pauseAccount),
    },
    retrievePaces: {
      takeRetrieve: bind(retrievePaces.takeRetrieve),
      settleRetrieve: bind(retrievePaces.settleRetrieve),
    },
    instances: {
      instance: run.instance,
      heartbeat: bind(instances.heartbeat),
      listDeadInstances: bind(instances.listDeadInstances),
      takeLease: bind(instances.takeLease),
      findLeaseEnd: bind(instances.findLeaseEnd),
      releaseLease: bind(instances.releaseLease),
      breakLease: bind(instances.breakLease),
    },
    findContradictions: bind(findContradictions),
    backup: (to) => backupDatabase(path, to),
    async close() {
      try {
        await instances.endInstance(context);
      } finally {
        await database.close();
      }
    },
  };
}
