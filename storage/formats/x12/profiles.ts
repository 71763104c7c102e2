import { toInvalid } from '../../model/errors.ts';
import { touCodes } from './codes.ts';

/**
 * How partners differ; what all share stands in `codes.ts`. A dialect is one row of {@link x12Profiles}, settings
 * change it.
 */
export interface X12Profile {
  /** The row's name with its settings: `california:bpt09`. */
  readonly name: string;
  /** Zone of the times. */
  readonly zone: string;
  /** Label by MEA07. */
  readonly touLabels: Readonly<Record<string, string>>;
  /** Whether a cancellation may name what it cancels in BPT09 instead of in REF*59. */
  readonly correlatesByBpt09: boolean;
}

const california: X12Profile = {
  name: 'california',
  zone: 'America/Los_Angeles',
  touLabels: touCodes,
  correlatesByBpt09: false,
};

export const x12Profiles: readonly X12Profile[] = [california];

interface X12Setting {
  /** How it is written, as `docs/formats.md` shows it. */
  readonly form: string;
  readonly title: string;
  readonly pattern: RegExp;
  /** @param code what stands behind the `=` */
  readonly change: (profile: X12Profile, code: string) => Partial<X12Profile>;
}

/** Everything that may follow a profile's name (edi867 facts, sections 4.2 and 5.6). */
export const x12Settings: readonly X12Setting[] = [
  {
    form: 'bpt09',
    title: 'a cancellation may name in BPT09 what it cancels, where it has no REF\\*59',
    pattern: /^bpt09$/,
    change: () => ({ correlatesByBpt09: true }),
  },
  {
    form: 'super-off=CODE',
    title: 'the code of super off-peak (`SUPER-OFF`) in MEA07, which no public list has',
    pattern: /^super-off=(.*)$/,
    change: ({ touLabels }, code) => ({ touLabels: { ...touLabels, [toSuperOff(code)]: 'SUPER-OFF' } }),
  },
];

function toSuperOff(code: string): string {
  if (/^[A-Z0-9]{2}$/.test(code) && !Object.hasOwn(touCodes, code)) return code;
  const expected = 'two letters or digits that have no other meaning in MEA07';
  throw toUnusable(`super-off=${code}`, expected);
}

/**
 * The profile that `text` names: a row of {@link x12Profiles}, and after colons settings that change it
 * (`california:bpt09:super-off=46`).
 *
 * @throws `invalid-request` naming the profiles or settings there are
 */
export function getX12Profile(text: string): X12Profile {
  const [name = '', ...settings] = text.split(':');
  const row = x12Profiles.find((candidate) => candidate.name === name);
  if (row === undefined) throw toUnusable(name, x12Profiles.map((candidate) => candidate.name).join(', '));
  const profile = settings.reduce(change, row);
  return { ...profile, name: text };
}

function change(profile: X12Profile, text: string): X12Profile {
  for (const setting of x12Settings) {
    const match = setting.pattern.exec(text);
    if (match !== null) return { ...profile, ...setting.change(profile, match[1] ?? '') };
  }
  throw toUnusable(text, `a setting: ${x12Settings.map(({ form }) => form).join(', ')}`);
}

function toUnusable(value: string, expected: string): Error {
  return toInvalid('Cannot read or write X12', { at: 'profile', value, expected });
}
