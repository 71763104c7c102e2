import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { startTestServer, type TestServer } from '../server/test-server.ts';

const folder = new URL('../../../shared/data/cmep/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the real CMEP samples are not here (${folder.pathname})`);

const files = [
  {
    name: 'sensus_rni_registers_2011.dat',
    profile: 'sensus-rni',
    summary: { readingSets: 5, readings: 125, units: { GALREG: 4, SKWHREG: 1 } },
    strictErrors: { E_UNITS: 5, E_FLAG: 125, E_REQUIRED: 5 },
  },
  {
    name: 'smartsynch_kwh_kvarh_15min_2009.dat',
    profile: 'smartsynch',
    summary: { readingSets: 6, readings: 194, units: { KWHREG: 1, KVARHREG: 1, KWH: 2, KVARH: 2 } },
    strictErrors: { E_FLAG: 194 },
  },
];

describe.skipIf(!isThere)('files of real systems, which are raw, for a mailbox that takes raw data', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    for (const profile of ['strict', ...files.map((file) => file.profile)]) {
      await server.store.catalogue.mailboxes.addMailbox({
        name: parseMailboxName(`raw-${profile}`),
        owner: parseParticipantName('esp-one'),
        zone: 'America/Los_Angeles',
        profile,
        onLineDays: 5,
        allowsRaw: true,
        demandsMapping: false,
        levels: {},
        receivers: [],
      });
    }
  });
  const post = (mailbox: string, name: string) => {
    const body = readFileSync(new URL(name, folder));
    return server.callJson('staff', 'POST', `/postings?mailbox=${mailbox}&name=${name}`, { body });
  };

  test.each(files)('$name is posted under $profile and retrieved byte for byte', async (file) => {
    const { status, json } = await post(`raw-${file.profile}`, file.name);
    expect([status, json.profile]).toEqual([201, file.profile]);
    expect(json.summary).toMatchObject({ ...file.summary, raw: file.summary.readings });
    const { body } = await server.call('esp-one', 'GET', json.files[0].href);
    expect(body.equals(readFileSync(new URL(file.name, folder)))).toBe(true);
  });

  test.each(files)('$name is refused by strict for what is wrong with it, and only that', async (file) => {
    const { status, json } = await post('raw-strict', file.name);
    expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
    const counts = Object.entries(json.faultCounts).filter(([code]) => code.startsWith('E_'));
    expect(Object.fromEntries(counts)).toEqual(file.strictErrors);
    for (const { level, code } of json.faults)
      if (level === 'error') expect(file.strictErrors).toHaveProperty(code);
    // LF as a line end is worth a note, never a refusal (ruling 31).
    expect(json.faultCounts.N_LF).toBe(1);
  });
});
