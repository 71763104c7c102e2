import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { forwardingStates, submissionStates, workKinds } from '../../storage/model/forwarding.ts';
import { statesPath, toCurrentPage } from './write-states.ts';

const page = readFileSync(statesPath, 'utf8');

/** The first cells of the rows of the section that the heading begins. */
function listRows(heading: string): string[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name = '']) => name);
}

it('the drawing is what the table of states says; run "npm run states" after changing one', () => {
  expect(toCurrentPage(page)).toBe(page);
  expect(page).toContain('\n  submitting --> unknown\n');
});

it.each([
  ['What the state of a forwarding means for you', forwardingStates],
  ['What the state of a submission means', submissionStates],
  ['When work stands still', workKinds],
])('"%s" explains every one, in order', (heading, words) => {
  expect(listRows(heading)).toEqual(words);
});
