import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemKinds, toInternalProblem, toProblem } from '../../server/problem.ts';
import { errorCodes, MdmaError } from '../../storage/model/errors.ts';

describe('a problem', () => {
  test('says what the error says, and under which request the log has the rest', () => {
    const fault = { at: 'limit', value: 'x', expected: 'a number' };
    const cause = new Error('secret of the machine');
    const error = new MdmaError('too-large', 'Cannot post: too large', {
      cause,
      faults: [fault],
      members: { maxBytes: 5 },
    });
    const problem = toProblem(error, 'run-1');
    expect(problem).toEqual({
      type: 'urn:mdma:problem:too-large',
      title: 'Too large',
      status: 413,
      detail: 'Cannot post: too large',
      instance: 'run-1',
      faults: [fault],
      maxBytes: 5,
    });
  });

  test('of ours tells nothing but the request', () => {
    expect(toInternalProblem('run-2')).toMatchObject({
      status: 500,
      detail: 'Cannot answer: the server failed; ask support about request run-2',
    });
  });
});

test('docs/problems.md has a row for every code with its status, and no other', () => {
  const text = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const expected = errorCodes.map((code) => [code, problemKinds[code].status]);
  expect(rows.filter(([code]) => code !== 'internal').sort()).toEqual(expected.sort());
});
