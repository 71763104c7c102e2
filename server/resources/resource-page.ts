import type { z } from 'zod';
import { directions, type MappingAccount, measurementTypes } from '../../storage/model/resource.ts';
import { type Html, html } from '../http/html.ts';
import { toTable, toTime } from '../http/page.ts';
import type { resourceSchema, versionsSchema } from './resource-entry.ts';

type Entry = z.output<typeof resourceSchema>;
type Versions = z.output<typeof versionsSchema>;

const columns = [
  'Mapping',
  'Meter',
  'Channel',
  'Unit',
  'Resource',
  'Measurement',
  'Unit at the ISO',
  'Direction',
  'Account',
  'From',
  'To',
];

export function toResourcesContent(
  entries: readonly Entry[],
  next: string | null,
  accounts: readonly MappingAccount[],
): Html {
  const rows = entries.map((entry) => html`<tr>${toCells(entry)}</tr>\n`);
  const fields = [
    toInput('meter', 'Meter, as the files name it'),
    toInput('channel', 'Channel; every one when left out', false),
    toInput('unit', 'Unit of the readings'),
    toInput('resourceId', 'Resource at the ISO'),
    toSelect('measurementType', 'Measurement type', listTypes(accounts)),
    toInput('isoUnit', "Unit at the ISO; the readings' own when left out", false),
    toSelect('direction', "What the resource counts; the unit's own when left out", ['', ...directions]),
    toAccount(accounts),
    toInput('effectiveFrom', 'First trade day, ccyy-mm-dd'),
    toInput('effectiveTo', 'First day without it; until further notice when left out', false),
    toInput('reason', 'Reason'),
  ];
  return html`${toTable('In force', columns, rows)}${next !== null && html`<p><a href="${next}" rel="next">More</a></p>\n`}<h2>Map a meter</h2>
<form method="post" action="/resources">
${fields}<button>Map</button>
</form>
`;
}

export function toResourceContent({ id, versions }: Versions, accounts: readonly MappingAccount[]): Html {
  const rows = versions.map(
    (version) =>
      html`<tr>${toCells(version)}<td>${toTime(version.at)}</td><td>${version.kind}</td><td>${version.by}</td><td>${version.reason}</td><td>${toTime(version.replacedAt)}</td></tr>\n`,
  );
  const history = toTable(
    'History, oldest first; times in UTC',
    [...columns, 'At', 'What', 'By', 'Why', 'Until'],
    rows,
  );
  if (versions.at(-1)?.replacedAt !== null) return html`${history}<p>It is no longer in force.</p>\n`;
  return html`${history}<h2>Change it</h2>
<form method="post" action="/resources/${id}/change">
${[
  toAccount(accounts, false),
  toInput('resourceId', 'Resource at the ISO; what is left out stays', false),
  toInput('from', 'Only from this trade day on, ccyy-mm-dd', false),
  toInput('reason', 'Reason to change'),
]}<button>Change</button>
</form>
<h2>End it</h2>
<form method="post" action="/resources/${id}/end">
${[toInput('on', 'First trade day without it, ccyy-mm-dd'), toInput('reason', 'Reason to end', true, 'end-')]}<button>End</button>
</form>
`;
}

function toCells(entry: Entry): Html {
  const { meter, channel, unit, resourceId, measurementType, isoUnit, direction, account, way } = entry;
  return html`<td><a href="${entry.href}">${entry.id}</a></td><td>${meter}</td><td>${channel}</td><td>${unit}</td><td>${resourceId}</td><td>${measurementType}</td><td>${isoUnit}</td><td>${direction}</td><td>${account} (${way})</td><td>${entry.effectiveFrom}</td><td>${entry.effectiveTo}</td>`;
}

function listTypes(accounts: readonly MappingAccount[]): string[] {
  return [...new Set(accounts.flatMap(({ way }) => measurementTypes[way]))];
}

function toAccount(accounts: readonly MappingAccount[], isRequired = true): Html {
  const names = accounts.map(({ name }) => name);
  return toSelect('account', 'ISO account', isRequired ? names : ['', ...names]);
}

function toInput(name: string, label: string, isRequired = true, prefix = ''): Html {
  return html`<label for="${prefix}${name}">${label}</label>
<input id="${prefix}${name}" name="${name}"${isRequired && html` required`}>
`;
}

function toSelect(name: string, label: string, choices: readonly string[]): Html {
  const options = choices.map((choice) => html`<option>${choice}</option>`);
  return html`<label for="${name}">${label}</label>
<select id="${name}" name="${name}">${options}</select>
`;
}
