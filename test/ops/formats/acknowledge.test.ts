import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { toRecord } from '../../storage/formats/cmep/records.ts';
import {
  cumulative,
  cumulativeHeader,
  header,
  loop,
  toChanged,
  toFile,
  toIsa,
  toSet,
} from '../../storage/formats/x12/build-x12.ts';
import { createTestClock } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runMdma } from '../run-mdma.ts';

const cwd = makeTemporaryFolder();
const clock = createTestClock();

function inspect(...args: string[]) {
  return runMdma(['inspect', ...args], { cwd, clock });
}

function put(name: string, content: string): string {
  writeFileSync(path.join(cwd, name), content);
  return name;
}

const good = toSet([...header, ...loop]);
const bad = toSet(
  [...header, ...loop.map((segment) => segment.replace('QTY*QD*11*KH', 'QTY*XX*11*KH'))],
  '0002',
);

describe('an 867', () => {
  test('is shown like any other file', async () => {
    const { code, stdout } = await inspect(put('usage.edi', toFile({ sets: [good] })));
    expect(code).toBe(0);
    expect(stdout).toContain('  format    x12-867: ');
    expect(stdout).toContain(`MTR1   1        KWH   60 min         4  42.75
  first 10 at 2000-01-04 09:00Z, last 11 at 2000-01-04 12:00Z, 1 estimated\n`);
  });

  test('is answered: the 997 on standard output, the report on standard error', async () => {
    const ran = await inspect(put('usage.edi', toFile({ sets: [good] })), '--997', '--control-number', '42');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^ISA\*.*\*222222222 +\*01\*333333333 +\*.*\*000000042\*0\*P\*>~/);
    expect(ran.stdout).toContain('AK2*867*0001~');
    expect(ran.stdout).toContain('AK9*A*1*1*1~');
    expect(ran.stderr).toContain('  format    x12-867: ');
    put('back.edi', ran.stdout);
    expect((await inspect('back.edi')).stdout).toContain('  Set 0001 (867): accepted\n');
  });

  test('with errors is rejected as a whole, in a file where that is asked for', async () => {
    const ran = await inspect(
      put('bad.edi', toFile({ sets: [good, bad] })),
      '--997',
      '--output',
      'answer.edi',
    );
    expect(ran).toMatchObject({ code: 1, stderr: '' });
    expect(ran.stdout).toContain('error E_CODE: segment ');
    expect(readFileSync(path.join(cwd, 'answer.edi'), 'latin1')).toContain('AK9*R*2*2*0~');
    const read = await inspect('--json', 'answer.edi');
    expect(read.code).toBe(0);
    expect(read.json()).toMatchObject([
      {
        format: 'x12-997',
        answers: [
          {
            functionalId: 'PT',
            result: 'rejected',
            received: 2,
            accepted: 0,
            sets: [
              { controlNumber: '0001', result: 'rejected' },
              {
                controlNumber: '0002',
                result: 'rejected',
                segments: [{ segmentId: 'BPT' }, { segmentId: 'QTY' }],
              },
            ],
          },
        ],
        otherAnswers: 0,
        series: [],
      },
    ]);
  });
});

describe('an 867 that names nobody to answer', () => {
  const noGroup = toFile({ sets: [good] }).slice(0, 106);
  const shortIsa = toFile({ isa: toIsa({ 12: '004' }), sets: [good] });

  test.each([
    ['its ISA cannot be read', shortIsa, 'E_ISA_LEN'],
    ['it has no group', noGroup, 'E_TRAILER'],
  ])('is reported on, and then not answered: %s', async (_, text, code) => {
    const ran = await inspect(put('nobody.edi', text), '--format', '867', '--997');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    const [report, reason, ...others] = ran.stderr.split('mdma: ');
    expect(report).toContain(`error ${code}: `);
    expect(reason).toBe(
      'Cannot acknowledge the file: no ISA and GS could be read, so nobody is named to answer\n',
    );
    expect(others).toEqual([]);
  });

  test('leaves the file alone that the 997 was to be written to', async () => {
    put('kept.edi', 'as it was');
    const ran = await inspect(put('nobody.edi', shortIsa), '--997', '--output', 'kept.edi', '--json');
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject([{ format: 'x12-867', isRefused: true, faultCounts: { E_ISA_LEN: 1 } }]);
    expect(ran.stderr).toContain('mdma: Cannot acknowledge the file');
    expect(readFileSync(path.join(cwd, 'kept.edi'), 'latin1')).toBe('as it was');
  });
});

test.each([
  ['of what is no 867', ['in.dat', '--997'], 'it is cmep, and a 997 is for an 867'],
  ['of several files', ['usage.edi', 'usage.edi', '--997'], 'a 997 is for one file'],
  [
    'over the file that is read',
    ['usage.edi', '--997', '--output', 'usage.edi'],
    'it is the file that is read',
  ],
  ['without being asked', ['usage.edi', '--output', 'x.edi'], 'Cannot use --output'],
])('no 997 is written %s', async (_, args, said) => {
  put('in.dat', toRecord());
  put('usage.edi', toFile({ sets: [good] }));
  const ran = await inspect(...args);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  expect(existsSync(path.join(cwd, 'x.edi'))).toBe(false);
});

test('a partner that differs is read by settings of the profile', async () => {
  const row = 'MEA*AA*PRQ*10*KH*100*105*42';
  const text = toChanged({ [row]: row.replace('*42', '*46') }, [...cumulativeHeader, ...cumulative]);
  expect((await inspect(put('super.edi', text))).stdout).toContain('error E_CODE: ');
  const set = await inspect('super.edi', '--profile', 'california:super-off=46');
  expect([set.code, set.stdout]).toEqual([0, expect.stringMatching(/MTR2 +SUPER-OFF +KWH /)]);
  expect(set.stdout).toContain('  profile   california:super-off=46\n');
  expect(await inspect('super.edi', '--profile', 'california:super-off')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a setting: bpt09, super-off=CODE'),
  });
});

test('a dialect is proposed and not used', async () => {
  put('smart.dat', toRecord({ 3: 'SmartSynch' }, '199804010900,R 00 00,1,,,2,,,3,,,4'));
  const ran = await inspect('smart.dat');
  expect(ran.code).toBe(1);
  expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'profile strict Looks like smartsynch: its sender is SmartSynch',
  );
  const chosen = await inspect('smart.dat', '--profile', 'smartsynch');
  expect(chosen.code).toBe(0);
  expect(chosen.stdout).not.toContain('Looks like');
});
