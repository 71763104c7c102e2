import { readFile } from 'node:fs/promises';
import type { StorageConfig } from '../../storage/config.ts';
import { parseMailboxName } from '../../storage/model/mailbox.ts';
import { defaultOnLineDays } from '../../storage/model/retention.ts';
import { isoZone } from '../../storage/model/trade-day.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { parseCertificateEntry } from '../parse-certificate-entry.ts';
import { type Client, clients, isoAccount, toParticipantName } from './cast.ts';
import { toPathsOf } from './create-certificates.ts';
import { mappedMeter } from './create-sample.ts';
import type { Places } from './places.ts';

/** Makes the store and puts everybody into it: participants, certificates, mailboxes, one mapped meter. */
export async function createQuickStartStore(
  places: Places,
  storage: StorageConfig,
  clock: Clock,
): Promise<void> {
  await createStore(storage, clock);
  const store = await openStore(storage, { program: 'ops', clock });
  try {
    for (const client of clients) await addClient(store, places, client);
    await store.catalogue.resources.mapResource({
      meter: mappedMeter,
      unit: 'KWH',
      resourceId: 'QUICKSTART_1_UNIT_1',
      measurementType: 'LOAD',
      account: isoAccount,
      way: 'omar',
      effectiveFrom: '2020-01-01',
    });
  } finally {
    await store.close();
  }
}

async function addClient({ catalogue }: Store, places: Places, client: Client): Promise<void> {
  const participant = toParticipantName(client);
  await catalogue.participants.addParticipant({ name: participant, title: client.title, role: client.role });
  const certificate = await readFile(toPathsOf(places, client.name).certificatePath);
  await catalogue.participants.registerCertificate({ participant, ...parseCertificateEntry(certificate) });
  if (client.role !== 'participant') return;
  await catalogue.mailboxes.addMailbox({
    name: parseMailboxName(client.name),
    owner: participant,
    zone: isoZone,
    profile: 'strict',
    onLineDays: defaultOnLineDays,
    allowsRaw: false,
    levels: {},
    receivers: [],
  });
}
