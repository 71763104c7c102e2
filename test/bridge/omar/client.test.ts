import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toPkcs12 } from '../../../certs/generate.ts';
import { getTestCertificates, issueTestCertificate } from '../../support/certificates.ts';
import { laterAt, makeClient, noDelays, startSimulator, toCsv } from './omar-setup.ts';

describe('a file from upload to its end', () => {
  test('received, walked through every status, passed', async () => {
    let now = Date.UTC(2026, 10, 20);
    const simulator = await startSimulator({
      clock: { now: () => now },
      delays: { uploadingMs: 1_000, uploadCompleteMs: 1_000, runningValidationMs: 1_000 },
    });
    const client = await makeClient(simulator.url);
    const bytes = toCsv(96);
    const received = await client.upload('0000A1-01-1.csv', bytes, laterAt);
    expect(received).toEqual({
      kind: 'received',
      fileId: '528527',
      savedAs: '528527_0000A1-01-1.csv',
      bytes: bytes.length,
    });
    const seen = [];
    for (let step = 0; step < 4; step++) {
      const outcome = await client.status('528527');
      seen.push(outcome.kind === 'listed' ? [outcome.file.status, outcome.file.records] : outcome);
      now += 1_000;
    }
    expect(seen).toEqual([
      ['Uploading File', undefined],
      ['Upload Complete', 96],
      ['Running Validation', 96],
      ['Validation Passed', 96],
    ]);
    expect(simulator.holdings()).toEqual([
      expect.objectContaining({
        name: '0000A1-01-1.csv',
        sha256: createHash('sha256').update(bytes).digest('hex'),
        times: 1,
      }),
    ]);
  });

  test('failed, with every page of its errors', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    const bad = Buffer.from(`${toCsv(2)}A,B\r\nEXAMPL,GEN,KWH,15,2004-03-02T00:15:00Z,x,\r\nA,B\r\n`);
    await client.upload('bad.csv', bad, laterAt);
    expect(await client.status('528527')).toMatchObject({
      kind: 'listed',
      file: { status: 'Validation Failed' },
    });
    expect(await client.errors('528527')).toEqual({
      kind: 'listed',
      errors: [
        { words: 'Invalid record format', occurrences: 2 },
        { words: 'Value not numeric or out of range (EXAMPL)', occurrences: 1 },
      ],
    });
  });

  test('failed in more ways than a page shows, the session ending between two pages', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    const rows = Array.from({ length: 60 }, (_, at) => `R${at},GEN,KWH,15,2004-03-02T00:15:00Z,x,\r\n`);
    await client.upload('bad.csv', Buffer.from(rows.join('')), laterAt);
    const expected = rows.map((_, at) => ({
      words: `Value not numeric or out of range (R${at})`,
      occurrences: 1,
    }));
    expect(await client.errors('528527')).toEqual({ kind: 'listed', errors: expected });
    simulator.faults.arm({ fault: 'session-death', kind: 'errors', times: 1, after: 1 });
    expect(await client.errors('528527')).toEqual({ kind: 'listed', errors: expected });
  });

  test('ended in Upload Error and in Validation Error', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    for (const fault of ['upload-error', 'validation-error'] as const) {
      simulator.faults.arm({ fault, kind: 'upload', times: 1 });
      await client.upload(`${fault}.csv`, toCsv(1), laterAt);
    }
    const walk = await client.walk();
    expect(walk).toMatchObject({ files: [{ status: 'Upload Error' }, { status: 'Validation Error' }] });
    expect(await client.errors('528528')).toEqual({ kind: 'listed', errors: [] });
  });

  test('what the ISO does not show is absent', async () => {
    const client = await makeClient((await startSimulator()).url);
    expect(await client.status('1')).toEqual({ kind: 'absent' });
    expect(await client.walk()).toEqual({ kind: 'listed', files: [] });
  });
});

describe('walk()', () => {
  test.each([24, 25, 26, 50, 51])('sees every one of %i files once', async (count) => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    for (let at = 0; at < count; at++) await client.upload(`${at}.csv`, toCsv(1), laterAt);
    const walk = await client.walk();
    const names = walk.kind === 'listed' ? walk.files.map(({ name }) => name) : walk;
    expect(names).toEqual(Array.from({ length: count }, (_, at) => `${at}.csv`));
    expect('isEndDoubtful' in walk).toBe(count % 25 === 0);
  });

  test('goes unfiltered after a filtered question, and beside others', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    for (let at = 0; at < 30; at++) await client.upload(`${at}.csv`, toCsv(1), laterAt);
    await client.status('528530');
    const outcomes = await Promise.all([
      client.walk(),
      client.status('528531'),
      client.walk(),
      client.status('1'),
    ]);
    expect(outcomes).toMatchObject([
      { files: { length: 30 } },
      { file: { name: '4.csv' } },
      { files: { length: 30 } },
      { kind: 'absent' },
    ]);
  });

  test('that is longer than it may be says nothing', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url, { maxPages: 2 });
    for (let at = 0; at < 51; at++) await client.upload(`${at}.csv`, toCsv(1), laterAt);
    expect(await client.walk()).toEqual({ kind: 'incomplete', why: 'more than 2 pages' });
  });

  test('begins again when the session ends on the way, once', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    for (let at = 0; at < 60; at++) await client.upload(`${at}.csv`, toCsv(1), laterAt);
    simulator.faults.arm({ fault: 'session-death', kind: 'status', times: 1, after: 2 });
    expect(await client.walk()).toMatchObject({ kind: 'listed', files: { length: 60 } });
    simulator.faults.arm({ fault: 'session-death', kind: 'status', times: 9, after: 1 });
    expect(await client.walk()).toMatchObject({ kind: 'unavailable' });
  });
});

describe('what an odd site shows', () => {
  test('damaged pages of every kind', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    for (const kind of ['upload', 'status', 'errors'] as const) {
      simulator.faults.arm({ fault: 'damaged-html', kind, times: 9 });
    }
    expect(await client.upload('a.csv', toCsv(0), laterAt)).toMatchObject({
      kind: 'received',
      fileId: '528527',
    });
    expect(await client.status('528527')).toMatchObject({
      file: { status: 'Validation Failed', name: 'a.csv' },
    });
    expect(await client.errors('528527')).toMatchObject({ errors: [{ occurrences: 1 }] });
    expect(await client.upload('b.csv', Buffer.alloc(499_999, '1'), laterAt)).toMatchObject({
      kind: 'received',
    });
  });

  test('names with the file id before them, and cut names', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    const name = `${'0123456789'.repeat(4).slice(4)}.csv`;
    await client.upload(name, toCsv(1), laterAt);
    simulator.faults.arm({ fault: 'prefix-names', kind: 'status', times: 2 });
    simulator.faults.arm({ fault: 'truncate-names', kind: 'status', times: 1, after: 1 });
    simulator.faults.arm({ fault: 'truncate-names', kind: 'status', times: 1, after: 2, length: 16 });
    expect(await client.walk()).toMatchObject({ files: [{ name: `528527_${name}` }] });
    expect(await client.walk()).toMatchObject({ files: [{ name: `528527_${name}`.slice(0, 40) }] });
    expect(await client.walk()).toMatchObject({ files: [{ name: name.slice(0, 16) }] });
  });

  test('pages like no other are kept and never success', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    await client.upload('a.csv', toCsv(1), laterAt);
    for (const kind of ['upload', 'status', 'errors'] as const) {
      simulator.faults.arm({ fault: 'unknown-page', kind, times: 1 });
    }
    const outcomes = [
      await client.upload('b.csv', toCsv(2), laterAt),
      await client.status('528527'),
      await client.errors('528527'),
    ];
    for (const [at, pageKind] of (['upload', 'status', 'errors'] as const).entries()) {
      expect(outcomes[at]).toMatchObject({ kind: 'unrecognised', page: { pageKind, httpStatus: 200 } });
    }
  });

  test('silence ends at the set time', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url, { requestTimeoutMs: 300 });
    simulator.faults.arm({ fault: 'lost-answer', kind: 'status', times: 1 });
    expect(await client.walk()).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('timeout'),
    });
    expect(await client.walk()).toEqual({ kind: 'listed', files: [] });
  });

  test('maintenance is no answer to what was read', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    simulator.faults.arm({ fault: 'maintenance', kind: 'status', times: 1 });
    simulator.faults.arm({ fault: 'maintenance', kind: 'session', times: 1, after: 1 });
    expect(await client.walk()).toEqual({ kind: 'unavailable', why: 'a maintenance page' });
    expect(await client.walk()).toEqual({ kind: 'unavailable', why: 'a maintenance page' });
  });
});

describe('who is who', () => {
  test('PKCS#12 with its passphrase serves as well as PEM', async () => {
    const simulator = await startSimulator();
    const { authority, staff } = await getTestCertificates();
    const file = toPkcs12(staff, authority, 'secret 1', 'staff');
    const client = await makeClient(simulator.url, {
      certificate: { kind: 'pkcs12', file, passphrase: 'secret 1' },
    });
    expect(await client.walk()).toEqual({ kind: 'listed', files: [] });
    const wrong = makeClient(simulator.url, {
      certificate: { kind: 'pkcs12', file, passphrase: 'secret 2' },
    });
    await expect(wrong).rejects.toThrow('Cannot use the client certificate for the ISO: mac verify failure');
  });

  test('a participant sees its own files only', async () => {
    const simulator = await startSimulator();
    const stranger = await issueTestCertificate({ commonName: 'Another' });
    const client = await makeClient(simulator.url);
    const other = await makeClient(simulator.url, {
      certificate: {
        kind: 'pem',
        certificate: Buffer.from(stranger.certificatePem),
        key: Buffer.from(stranger.keyPem),
      },
    });
    await client.upload('a.csv', toCsv(1), laterAt);
    expect(await other.walk()).toEqual({ kind: 'listed', files: [] });
    expect(await other.status('528527')).toEqual({ kind: 'absent' });
    expect(await other.errors('528527')).toMatchObject({ kind: 'unrecognised' });
    expect(await client.walk()).toMatchObject({ files: { length: 1 } });
  });

  test('a server that the authority did not sign gets nothing', async () => {
    const simulator = await startSimulator({ delays: noDelays });
    const { staff } = await getTestCertificates();
    const client = await makeClient(simulator.url, { authority: Buffer.from(staff.certificatePem) });
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unavailable' });
    expect(await client.walk()).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('certificate'),
    });
  });

  test('a client that the authority did not sign gets nothing', async () => {
    const simulator = await startSimulator();
    const expired = await issueTestCertificate({ commonName: 'Late', now: Date.now() - 3 * 86_400_000 });
    const client = await makeClient(simulator.url, {
      certificate: {
        kind: 'pem',
        certificate: Buffer.from(expired.certificatePem),
        key: Buffer.from(expired.keyPem),
      },
    });
    expect(await client.walk()).toMatchObject({ kind: 'unavailable' });
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unavailable' });
    expect(simulator.holdings()).toEqual([]);
  });
});

describe('mistakes of the caller are thrown before anything is sent:', () => {
  test.each([
    ['name', 'a.txt', 1],
    ['name', 'a', 1],
    ['name', '.csv', 1],
    ['name', 'a b.csv', 1],
    ['name', 'a".csv', 1],
    ['name', '../a.csv', 1],
    ['name', 'a\r\nb.csv', 1],
    ['name', `${'a'.repeat(37)}.csv`, 1],
    ['bytes', 'a.csv', 0],
    ['bytes', 'a.csv', 500_000],
  ])('%s: %j with %i bytes', async (at, name, length) => {
    const client = await makeClient('https://127.0.0.1:1');
    await expect(client.upload(name, Buffer.alloc(length), laterAt)).rejects.toMatchObject({
      code: 'invalid-request',
      faults: [expect.objectContaining({ at })],
    });
  });

  test.each([`${'a'.repeat(36)}.csv`, 'A.CSV', 'unit_1-x.Dat'])('but not %s', async (name) => {
    const client = await makeClient((await startSimulator()).url);
    expect(await client.upload(name, Buffer.from('x'), laterAt)).toMatchObject({ kind: 'received' });
  });

  test('a file id that is none, an address that is not https', async () => {
    const client = await makeClient('https://127.0.0.1:1');
    await expect(client.status('1&dir=NEXT')).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(client.errors('')).rejects.toMatchObject({ code: 'invalid-request' });
    for (const url of ['http://127.0.0.1', '127.0.0.1', 'https://127.0.0.1/omar', '']) {
      await expect(makeClient(url)).rejects.toThrow('expected https://host or https://host:port');
    }
  });
});
