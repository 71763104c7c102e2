import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OmarSimulator } from '../../../bridge/simulator/omar.ts';
import { getTestCertificates, type TestCertificates } from '../../support/certificates.ts';
import { type Answer, request } from '../../support/https.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { startSimulator, toCsv } from '../omar/omar-setup.ts';

const folder = makeTemporaryFolder();
let certificates: TestCertificates;
let simulator: OmarSimulator;
let cookie: string;

beforeAll(async () => {
  certificates = await getTestCertificates();
  simulator = await startSimulator();
  cookie = await logIn(simulator);
});

function ask(
  at: OmarSimulator,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Answer> {
  const { authority, staff } = certificates;
  return request(method, `${at.url}${target}`, {
    authority,
    certificate: staff,
    headers,
    ...(body && { body }),
  });
}

async function logIn(at: OmarSimulator): Promise<string> {
  const { headers } = await ask(at, 'GET', '/fr_top.jsp');
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

async function read(target: string, method = 'GET', at = simulator): Promise<string> {
  return (
    await ask(at, method, target, { cookie: at === simulator ? cookie : await logIn(at) })
  ).body.toString();
}

const toForm = (bytes: Buffer | string, name = 'a.csv', field = 'datafile') =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n--b--\r\n'),
  ]);

async function upload(
  body: Buffer,
  type = 'multipart/form-data; boundary=b',
  at = simulator,
): Promise<string> {
  const headers = { cookie: await logIn(at), 'content-type': type };
  return (await ask(at, 'POST', '/uploadProcess.jsp', headers, body)).body.toString();
}

describe('sessions', () => {
  test('two cookies are set; the first authorises, the second does not', async () => {
    const { headers } = await ask(simulator, 'GET', '/fr_top.jsp');
    const [first = '', second = ''] = headers['set-cookie'] ?? [];
    expect(first).toContain('; Version=1');
    const list = '/viewSubmittedDataDetails.jsp';
    const of = async (value: string) =>
      (await ask(simulator, 'GET', list, { cookie: value })).body.toString();
    expect(await of(first)).toContain('<th>File Id</th>');
    expect(await of(`$Version=1; ${first}`)).toContain('<th>File Id</th>');
    for (const value of [second, 'JSESSIONID=1', '']) expect(await of(value)).toContain('Log In');
  });

  test('are worth nothing under another certificate', async () => {
    const { authority, program } = certificates;
    const answer = await request('GET', `${simulator.url}/viewSubmittedDataDetails.jsp`, {
      authority,
      certificate: program,
      headers: { cookie },
    });
    expect(answer.body.toString()).toContain('Log In');
  });

  test('without a client certificate there is no connection', async () => {
    const { authority } = certificates;
    await expect(request('GET', `${simulator.url}/fr_top.jsp`, { authority })).rejects.toThrow();
  });

  test('an address that is none is not found', async () => {
    expect((await ask(simulator, 'GET', '/other.jsp')).status).toBe(404);
  });
});

describe('an upload is refused with the error page:', () => {
  test.each([
    ['File extension must be', toForm('x', 'a.txt')],
    ['File name must not exceed 40', toForm('x', `${'a'.repeat(37)}.csv`)],
    ['File name is not valid', toForm('x', 'c:\\a.csv')],
    ['File name is not valid', toForm('x', 'ä.csv')],
    ['File is too large', toForm(Buffer.alloc(512_000))],
    ['File is too large', toForm(Buffer.alloc(2_000_000))],
    ['no file in the field datafile', toForm('x', 'a.csv', 'file')],
    ['no file in the field datafile', toForm('x', '')],
    ['Only one', Buffer.concat([toForm('x').subarray(0, -4), Buffer.from('\r\n'), toForm('y')])],
    ['does not begin', Buffer.from('hello')],
    ['does not begin', Buffer.alloc(0)],
    ['does not end', toForm('x').subarray(0, -4)],
    ['does not end', toForm('x').subarray(0, -10)],
    ['does not end', Buffer.concat([toForm('x'), Buffer.from('more')])],
  ])('%s', async (words, body) => {
    const before = simulator.holdings().length;
    const page = await upload(body);
    expect(page).toContain('Error in File Processing');
    expect(page).toContain(words);
    expect(simulator.holdings().length).toBe(before);
  });

  test('not multipart/form-data', async () => {
    for (const type of ['text/csv', 'multipart/form-data', 'multipart/mixed; boundary=b']) {
      expect(await upload(toForm('x'), type)).toContain('not multipart/form-data');
    }
    expect(await read('/uploadProcess.jsp')).toContain('must be sent with POST');
  });

  test('but not at the edges of what is allowed', async () => {
    for (const name of [`${'a'.repeat(36)}.csv`, 'A.DAT', 'b.Csv']) {
      const page = await upload(toForm(Buffer.alloc(511_999), name), 'multipart/form-data; boundary="b"');
      expect(page).toContain(`${name} Meter file uploaded and Saved As `);
      expect(page).toContain('File Size : 511999');
    }
  });
});

describe('the list', () => {
  const idsOf = (html: string) =>
    [...html.matchAll(/<tr><td>(\d+)/g)].map((match) => Number(match[1]) - 528_527);
  const list = '/viewSubmittedDataDetails.jsp';
  let full: OmarSimulator;
  const steps = async (...targets: string[]) => {
    const headers = { cookie: await logIn(full) };
    const shown: string[] = [];
    for (const target of targets) shown.push((await ask(full, 'GET', target, headers)).body.toString());
    return shown.map(idsOf).map((ids) => [ids[0], ids.length]);
  };
  beforeAll(async () => {
    full = await startSimulator();
    for (let at = 0; at < 60; at++) await upload(toForm(toCsv(1)), undefined, full);
  });

  test('moves by 25 in the session and stays on its last page', async () => {
    const next = `${list}?dir=NEXT`;
    const prev = `${list}?dir=PREV`;
    expect(await steps(list, next, next, next, prev, prev, prev, list)).toEqual([
      [0, 25],
      [25, 25],
      [50, 10],
      [50, 10],
      [25, 25],
      [0, 25],
      [0, 25],
      [0, 25],
    ]);
  });

  test('keeps its filter in the session, also with the printed blank', async () => {
    const filter = 'dir=START&userAction=Filter&searchChoice=FILE_ID&searchValue=528530';
    expect(await steps(`${list}%20?${filter}`, list, `${list}?dir=START`)).toEqual([
      [3, 1],
      [3, 1],
      [3, 1],
    ]);
    expect(await steps(`${list}?${filter.replace('528530', '1')}`)).toEqual([[undefined, 0]]);
  });

  test.each(['dir=UP', 'userAction=Filter', 'userAction=Filter&searchChoice=NAME&searchValue=1', 'x=1'])(
    'does not know %s',
    async (query) => {
      expect(await read(`${list}?${query}`, 'GET', full)).toContain('Error in File Processing');
      expect(await read(list, 'POST', full)).toContain('Error in File Processing');
    },
  );
});

describe('errors of a file', () => {
  const toTarget = (rest: string) => `/viewFileErrors.jsp?userAction=ERROR&${rest}`;
  let failed: OmarSimulator;
  beforeAll(async () => {
    failed = await startSimulator();
    const rows = Array.from({ length: 30 }, (_, at) => `R${at},GEN,KWH,15,2004-03-02T00:15:00Z,-1,\n`);
    await upload(toForm(rows.join('')), undefined, failed);
  });

  test('move by 25 in the session, also with the printed lack of an ampersand', async () => {
    const headers = { cookie: await logIn(failed) };
    const shown: unknown[] = [];
    for (const rest of ['dir=START&fid=528527', 'fid=528527&dir=NEXT', 'fid=528527dir=PREV']) {
      const { body } = await ask(failed, 'GET', toTarget(rest), headers);
      shown.push(/\(R\d+\)/.exec(body.toString())?.[0]);
    }
    expect(shown).toEqual(['(R0)', '(R25)', '(R0)']);
  });

  test.each(['dir=START', 'dir=START&fid=1', 'dir=UP&fid=528527', 'dir=START&fid=528527&x=1'])(
    'not for %s',
    async (rest) => {
      expect(await read(toTarget(rest), 'GET', failed)).toContain('Error in File Processing');
    },
  );
});

describe('what it holds', () => {
  test('outlives the run, ids going on', async () => {
    const stateFile = path.join(folder, 'state.json');
    const first = await startSimulator({ stateFile });
    await upload(toForm(toCsv(1)), undefined, first);
    await upload(toForm(toCsv(2), 'b.csv'), undefined, first);
    await first.close();
    const second = await startSimulator({ stateFile });
    expect(second.holdings()).toEqual(first.holdings());
    await upload(toForm(toCsv(1), 'c.csv'), undefined, second);
    expect(second.holdings()).toMatchObject([
      { fileId: '528527', name: 'a.csv', times: 2, records: 1, status: 'Validation Passed' },
      { fileId: '528528', name: 'b.csv', times: 1, records: 2 },
      { fileId: '528529', name: 'c.csv', times: 2, owner: 'CN=staff' },
    ]);
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({ nextFileId: 528530 });
  });

  test('is not guessed from a broken state file', async () => {
    const stateFile = path.join(folder, 'broken.json');
    for (const content of ['{"nextFileId": 1', '{"files": []}']) {
      writeFileSync(stateFile, content);
      await expect(startSimulator({ stateFile })).rejects.toThrow(
        'is no state of it; move it away to begin anew',
      );
    }
  });
});
