/**
 * A process that posts one large file and tells how much memory it took: `<storage configuration as JSON> <bytes>`, to
 * a store with a mailbox `esp-one` and staff `staff`.
 */
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { openStore } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { postFile } from '../../storage/post-file.ts';
import { toCmepChunks } from '../bench/cmep-data.ts';

const [config = '', bytes = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(config), { program: 'server', clock: systemClock });
const { participants, mailboxes } = store.catalogue;
const postedBy = await participants.findParticipant(parseParticipantName('staff'));
if (postedBy === undefined) throw new Error('there is no participant "staff"');

async function* body() {
  yield* toCmepChunks(Number(bytes), 1);
}

await postFile(
  { ...store, clock: systemClock, limits: { maxBytes: Number(bytes), reserveBytes: 0 } },
  {
    postedBy,
    mailboxes: await mailboxes.getMailboxes([parseMailboxName('esp-one')]),
    originalName: '',
    format: undefined,
    profile: undefined,
    isComplete: true,
    corrects: null,
    reasonCode: null,
    note: '',
    isoAccount: null,
    idempotency: null,
  },
  body(),
  { bytes: undefined, sha256: undefined },
);
await store.close();
console.log(JSON.stringify({ maxRssMiB: process.resourceUsage().maxRSS / 1024 }));
