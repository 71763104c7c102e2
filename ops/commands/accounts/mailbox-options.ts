import type { Command } from 'commander';
import {
  type CheckLevels,
  parseCheckLevel,
  toCheckLevels,
} from '../../../storage/formats/checks/check-levels.ts';
import { cmepProfiles, getCmepProfile } from '../../../storage/formats/cmep/profiles.ts';
import { toInvalid } from '../../../storage/model/errors.ts';
import { parseReceiver } from '../../../storage/model/mailbox.ts';
import { minOnLineDays } from '../../../storage/model/retention.ts';
import type { Mailbox, MailboxChange } from '../../../storage/ports/mailboxes.ts';
import { asOption, collect, parseCount } from '../../parse-option.ts';
import { jsonOption } from '../../print.ts';

const profileNames = cmepProfiles.map(({ name }) => name).join(', ');
const parseProfile = (text: string) => getCmepProfile(text).name;

/** Options of `mailbox add` and `set`; what is left out is the usual, or stays as it is. */
export interface MailboxOptions {
  readonly profile?: string;
  readonly onLineDays?: number;
  readonly allowRaw?: boolean;
  readonly level?: readonly string[];
  readonly receiver?: readonly string[];
  readonly anyReceiver?: boolean;
  readonly json?: boolean;
}

/** Adds the options that `add` and `set` share; the texts say what is usual. */
export function withMailboxOptions(command: Command, usualProfile = '', usualDays = ''): Command {
  return command
    .option(
      '--profile <name>',
      `dialect in which postings to it are read (${profileNames}), settings after colons${usualProfile}`,
      asOption(parseProfile),
    )
    .option(
      '--on-line-days <days>',
      `days that a file stays on line, at least ${minOnLineDays}${usualDays}`,
      parseCount,
    )
    .option(
      '--level <code=level>',
      'level of a check beyond syntax: error, warning, note, off, or default; may be given several times',
      collect,
    )
    .option(
      '--receiver <id>',
      'receiver that its files may name, such as a DUNS number; may be given several times',
      collect,
    )
    .addOption(jsonOption());
}

/**
 * What the options say, and nothing of what they leave out.
 *
 * @param levels those that the mailbox has
 */
export function parseMailboxChange(options: MailboxOptions, levels: CheckLevels = {}): MailboxChange {
  const { profile, onLineDays, allowRaw, level, receiver, anyReceiver } = options;
  if (onLineDays !== undefined && onLineDays < minOnLineDays) {
    const expected = `at least ${minOnLineDays}`;
    throw toInvalid('Cannot use mailbox', { at: '--on-line-days', value: String(onLineDays), expected });
  }
  if (receiver !== undefined && anyReceiver === true) {
    const expected = 'nothing beside --any-receiver';
    throw toInvalid('Cannot use mailbox', { at: '--receiver', value: receiver.join(' '), expected });
  }
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(onLineDays === undefined ? {} : { onLineDays }),
    ...(allowRaw === undefined ? {} : { allowsRaw: allowRaw }),
    ...(level === undefined
      ? {}
      : {
          levels: toCheckLevels(
            levels,
            level.map((text) => parseCheckLevel(text, '--level')),
          ),
        }),
    ...(receiver === undefined
      ? {}
      : { receivers: [...new Set(receiver.map((text) => parseReceiver(text, '--receiver')))] }),
    ...(anyReceiver === true ? { receivers: [] } : {}),
  };
}

export function toLevelsText(levels: CheckLevels): string {
  return Object.entries(levels)
    .map(([code, level]) => `${code}=${level}`)
    .join(' ');
}

export function toSettingsText({ profile, onLineDays, allowsRaw, levels, receivers }: Mailbox): string {
  const parts = [
    `profile ${profile}`,
    `${onLineDays} days on line`,
    `raw data ${allowsRaw ? 'allowed' : 'refused'}`,
    `levels ${toLevelsText(levels) || 'as usual'}`,
    `receivers ${receivers.join(' ') || 'any'}`,
  ];
  return parts.join(', ');
}
