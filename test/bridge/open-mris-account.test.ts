import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { isMaintenance } from '../../bridge/mris/environments.ts';
import { openMrisAccount } from '../../bridge/open-mris-account.ts';
import { dayMs } from '../../storage/model/time.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { createTestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { dayStartAt, laterAt, startSimulator, toDocument, toRows, user } from './mris/mris-setup.ts';
import { startServer } from './omar/omar-setup.ts';

const folder = makeTemporaryFolder();
const place = (name: string) => path.join(folder, name);
writeFileSync(place('user.crt'), user.certificatePem);
writeFileSync(place('user.key'), user.keyPem);

const { catalogue } = await createTestStore();

/** Opens an account of the configuration; gives it with the warnings. */
async function open(settings: object, now?: number, paces = catalogue.retrievePaces) {
  const { authority } = await getTestCertificates();
  const account = {
    name: 'sc-one',
    scId: 'SC1',
    environment: 'simulator',
    way: 'mris',
    url: 'https://localhost:1',
    certificate: { certificateFile: place('user.crt'), keyFile: place('user.key') },
    authorityFile: authority.certificatePath,
  };
  const [config] = isoConfigSchema.parse({ accounts: [{ ...account, ...settings }] }).accounts;
  if (config?.way !== 'mris') throw new Error('not an account at MRI-S');
  const warnings: string[] = [];
  const tell = (_fields: object, words: string) => warnings.push(words);
  const opened = await openMrisAccount(config, bridgeConfigSchema.parse({}), {
    clock: now === undefined ? systemClock : { now: () => now },
    log: { info: tell, warn: tell, error: tell },
    paces,
  });
  return { ...opened, warnings };
}

describe('openMrisAccount', () => {
  test.each(['plain', 'doc-attach'])('makes a client by the settings: %s', async (attachments) => {
    const simulator = await startSimulator();
    const { client, mapping, warnings } = await open({ url: simulator.url, attachments });
    expect(await client.submitMeterData(toDocument(toRows(1)), laterAt)).toMatchObject({ kind: 'received' });
    expect(mapping.meterData.measurementTypes.GEN?.unit).toBe('MWH');
    expect(warnings).toEqual([expect.stringMatching(/expires soon/)]);
    await client.close();
  });

  test('accounts with one certificate are one user: of their retrieves at one time one is sent', async () => {
    const simulator = await startSimulator();
    const { client: one } = await open({ url: simulator.url });
    const { client: other } = await open({ url: simulator.url, name: 'sc-two', scId: 'SC2' });
    const day = { resourceIds: 'ALL', startAt: dayStartAt, endAt: dayStartAt + dayMs } as const;
    const outcomes = await Promise.all([one.retrieveMeterData(day), other.retrieveMeterData(day)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['empty', 'rate-limited']);
    expect(await one.retrieveMeterData(day)).toMatchObject({ kind: 'rate-limited', isSent: false });
    expect(await other.retrieveMeterData(day)).toMatchObject({ kind: 'rate-limited', isSent: false });
    await Promise.all([one.close(), other.close()]);
  });

  test('takes no unrecognised answer for a riddle in the announced hours of maintenance, and only then', async () => {
    const url = await startServer((request, response) => {
      request.resume().on('end', () => response.end('<html><h1>Welcome to the portal</h1></html>'));
    });
    // Not this hour: the tests before have just retrieved.
    const hours = Array.from({ length: 23 }, (_, at) => Date.now() + (at + 1) * 3_600_000);
    const now = hours.find((at) => isMaintenance('map-stage', at)) ?? Number.NaN;
    const document = toDocument(toRows(1));
    const request = { resourceIds: ['R_1'], startAt: now - dayMs, endAt: now };
    // Of its own, because now may lie in those hours, and the tests before have retrieved.
    const { retrievePaces } = (await createTestStore()).catalogue;
    const { client } = await open({ url, environment: 'map-stage' }, now, retrievePaces);
    const why = expect.stringMatching(/^not recognised, in the announced hours of maintenance: /);
    expect(await client.submitMeterData(document, laterAt)).toEqual({ kind: 'unknown', why });
    expect(await client.batchStatus('1')).toEqual({ kind: 'unavailable', why });
    expect(await client.retrieveMeterData(request)).toEqual({ kind: 'unavailable', why });
    await client.close();
    const { client: real } = await open({ url, environment: 'production' }, now);
    expect(await real.submitMeterData(document, laterAt)).toMatchObject({ kind: 'unrecognised' });
    expect(await real.batchStatus('1')).toMatchObject({ kind: 'unrecognised' });
    await real.close();
  });

  test('refuses an expired certificate and a mapping that is none, naming the file', async () => {
    await expect(open({}, Date.now() + 2 * dayMs)).rejects.toThrow(/user\.crt expired on/);
    writeFileSync(place('mapping.yaml'), 'meterData: {}\n');
    await expect(open({ mappingFile: place('mapping.yaml') })).rejects.toThrow(
      /Cannot use mapping file .*mapping\.yaml: meterData/,
    );
    await expect(open({ mappingFile: place('mapping.yaml') }, Date.now() + 2 * dayMs)).rejects.toThrow(
      /mapping\.yaml: .*user\.crt expired on/,
    );
  });
});
