import { expect, test } from 'vitest';
import { toRawQuery, validate } from '../../../server/http/validate.ts';
import { parametersSchema, toPostRequest } from '../../../server/posting/parameters.ts';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import type { Mailbox } from '../../../storage/ports/mailboxes.ts';

const read = (query: string) => validate(parametersSchema, toRawQuery(query), 'Cannot post');
const staff = { id: 1, name: parseParticipantName('staff'), title: 'Staff', role: 'staff' as const };
const deps = {
  isoAccounts: [{ name: 'sc-one', way: 'omar' as const }],
  mailboxes: { getMailboxes: async (names: readonly string[]) => names.map((name) => ({ name }) as Mailbox) },
};

test('reads everything that can be said about a file', () => {
  expect(
    read(
      'mailbox=b&mailbox=a&format=cmep&profile=nisc-dcsi:local-stamps&name=x%20y.cmep&corrects=7&reason=gap-fill&note=n',
    ),
  ).toMatchObject({
    mailbox: ['b', 'a'],
    format: 'cmep',
    profile: 'nisc-dcsi:local-stamps',
    name: 'x y.cmep',
    corrects: 7,
    reason: 'gap-fill',
    note: 'n',
    complete: true,
  });
});

test.each([
  ['', /at least one mailbox or an account/],
  ['archive-only=true&mailbox=a', /at least one mailbox or an account/],
  ['mailbox=UPPER', /mailbox.*a mailbox name/],
  ['mailbox=a&corrects=7', /corrects and reason together/],
  ['mailbox=a&reason=gap-fill', /corrects and reason together/],
  ['mailbox=a&corrects=0&reason=gap-fill', /positive whole number/],
  ['mailbox=a&corrects=7&reason=because', /reason/],
  ['mailbox=a&format=pdf', /format/],
  ['mailbox=a&name=a%00b', /one line/],
  ['mailbox=a&name=a%0d%0ab', /one line/],
  ['mailbox=a&complete=maybe', /true or false/],
  ['mailbox=a&colour=red', /no such parameter/],
  ['mailbox=a&note=x&note=y', /note/],
])('%s is refused', (query, words) => {
  expect(() => read(query)).toThrow(words);
});

test('nothing to show it to is said, not assumed', () => {
  expect(read('archive-only=true').mailbox).toEqual([]);
  expect(read('account=sc-one').account).toBe('sc-one');
});

test('looks up the account, and knows the same request by its text', async () => {
  const one = await toPostRequest(deps, staff, read('mailbox=b&mailbox=a&account=sc-one'), 'key');
  expect(one.isoAccount).toEqual({ name: 'sc-one', way: 'omar' });
  const same = await toPostRequest(deps, staff, read('account=sc-one&mailbox=a&mailbox=b&mailbox=a'), 'key');
  expect(same.idempotency).toEqual(one.idempotency);
  const other = await toPostRequest(deps, staff, read('account=sc-one&mailbox=a'), 'key');
  expect(other.idempotency).not.toEqual(one.idempotency);
  await expect(toPostRequest(deps, staff, read('account=nobody'), undefined)).rejects.toThrow(/"nobody"/);
});
