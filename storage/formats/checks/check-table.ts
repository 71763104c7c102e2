import type { FaultTable } from '../fault-list.ts';

/**
 * What is checked beyond syntax, in every format alike. The codes name no level, because a mailbox may choose another
 * one (`ScanOptions.levels`); `docs/formats.md` shows the same table.
 */
export const checkTable = {
  C_DUPLICATE: {
    level: 'warning',
    reason: 'The same sender, meter, commodity, unit and instant twice: which value holds is decided later.',
  },
  C_OVERLAP: {
    level: 'warning',
    reason: 'Periods of one meter and unit overlap: one of them covers what the other says already.',
  },
  C_GAP: {
    level: 'warning',
    reason: 'Between two periods of one meter and unit something is missing; billing periods come whole.',
  },
  C_SPACING: {
    level: 'note',
    reason: 'A record holds more or fewer intervals than fit between its start and its end.',
  },
  C_REGISTER_SUM: {
    level: 'warning',
    reason: 'The intervals do not add up to the register’s difference: a wrong multiplier, or lost pulses.',
  },
  C_KVARH_ALONE: {
    level: 'warning',
    reason: 'Reactive energy without the kWh channel of its meter cannot be used for a bill.',
  },
  C_FUTURE: {
    level: 'warning',
    reason: 'A reading from after its own record, or from the future, hints at a clock.',
  },
  C_ESTIMATED_SHARE: {
    level: 'warning',
    reason:
      'More than 10 % of the accounts and more than 1 % of the readings are estimated: over the service level.',
  },
  C_PARTY_UNKNOWN: {
    level: 'warning',
    reason: 'The file names a receiver that is none of the mailbox’s own.',
  },
  C_PARTIES_MIXED: {
    level: 'warning',
    reason: 'The file names several senders or receivers; what is posted to a mailbox is one party’s.',
  },
  C_CAP: {
    level: 'note',
    reason: 'There is more to remember than memory allows: the checks are not complete from here on.',
  },
  C_ACCOUNT_CAP: {
    level: 'note',
    reason:
      'There are more accounts than are remembered: one that comes back later counts again in the estimated share.',
  },
} as const satisfies FaultTable<string>;

export type CheckCode = keyof typeof checkTable;
