import { readFileSync, writeFileSync } from 'node:fs';
import { stateTable } from '../../bridge/forwarding/states.ts';
import { endStates, forwardingStates } from '../../storage/model/forwarding.ts';

/** The page whose drawing and list of moves are made from the table of states. */
export const statesPath = new URL('../../docs/forwarding.md', import.meta.url);

const begin = '<!-- Written by "npm run states" from bridge/forwarding/states.ts; do not edit. -->\n';
const end = '<!-- End of what "npm run states" writes. -->\n';

/**
 * The page with what stands between the two marks written anew.
 *
 * @throws when a mark is missing
 */
export function toCurrentPage(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`Cannot write the states: ${statesPath.pathname} has lost a mark`);
  return `${page.slice(0, from)}${begin}\n${toDrawing()}\n${toMoves()}\n${page.slice(to)}`;
}

/** Staff's moves carry their word; all others happen by themselves. */
function toDrawing(): string {
  const lines = forwardingStates.flatMap((state) => {
    const { passages, byStaff } = stateTable[state];
    return [
      ...passages.map(({ to }) => `${state} --> ${to}`),
      ...byStaff.map(({ to }) => `${state} --> ${to} : staff`),
    ];
  });
  const ends = endStates.filter((state) => state !== 'person').map((state) => `${state} --> [*]`);
  const drawing = ['stateDiagram-v2', '  [*] --> due', ...[...lines, ...ends].map((line) => `  ${line}`)];
  return ['```mermaid', ...drawing, '```', ''].join('\n');
}

function toMoves(): string {
  const rows = forwardingStates.flatMap((state) => {
    const { passages, byStaff } = stateTable[state];
    return [
      ...passages.map(({ to, when }) => `| ${state} | ${to} | itself | ${when} |`),
      ...byStaff.map(({ to, when }) => `| ${state} | ${to} | staff | ${when} |`),
    ];
  });
  return ['| from | to | by | when |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

if (import.meta.main) writeFileSync(statesPath, toCurrentPage(readFileSync(statesPath, 'utf8')));
