import { toInvalid } from '../../model/errors.ts';
import { type CheckLevel, checkLevels } from '../format.ts';
import { type CheckCode, checkTable } from './check-table.ts';

/** Levels that take the place of the table's own, by code. */
export type CheckLevels = Readonly<Partial<Record<CheckCode, CheckLevel>>>;

const codes = Object.keys(checkTable) as CheckCode[];
/** The word that gives a code the table's level back. */
const ownLevel = 'default';

/**
 * `C_GAP=error` as a choice of a level; `C_GAP=default` as the choice to have none (undefined).
 *
 * @throws `invalid-request`
 */
export function parseCheckLevel(text: string, at = 'level'): readonly [CheckCode, CheckLevel | undefined] {
  const [code = '', level, ...rest] = text.split('=');
  const isCode = (codes as readonly string[]).includes(code);
  const isLevel = ([...checkLevels, ownLevel] as readonly string[]).includes(level ?? '');
  if (!isCode || !isLevel || rest.length > 0) {
    const expected = `CODE=LEVEL with one of ${codes.join(', ')} and one of ${checkLevels.join(', ')}, ${ownLevel}`;
    throw toInvalid('Cannot read check level', { at, value: text, expected });
  }
  return [code as CheckCode, level === ownLevel ? undefined : (level as CheckLevel)];
}

/** The levels with the choices made; codes in order, so that equal levels are equal text. */
export function toCheckLevels(
  levels: CheckLevels,
  choices: readonly (readonly [CheckCode, CheckLevel | undefined])[],
): CheckLevels {
  const chosen = new Map<CheckCode, CheckLevel | undefined>([
    ...(Object.entries(levels) as [CheckCode, CheckLevel][]),
    ...choices,
  ]);
  return Object.fromEntries([...chosen].filter(([, level]) => level !== undefined).sort());
}

/** Of each code the strictest level that any of them has, the table's where one says nothing. */
export function toStrictest(all: readonly CheckLevels[]): CheckLevels {
  const strictest = (code: CheckCode) => {
    const levels = all.map((levels) => levels[code] ?? checkTable[code].level);
    return checkLevels.find((level) => levels.includes(level));
  };
  return toCheckLevels(
    {},
    codes.map((code) => [code, strictest(code)]),
  );
}
