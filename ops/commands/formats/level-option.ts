import { InvalidArgumentError, Option } from 'commander';
import { checkTable } from '../../../storage/formats/checks/check-table.ts';
import { type CheckLevel, checkLevels } from '../../../storage/formats/format.ts';

export type Levels = Readonly<Record<string, CheckLevel>>;

/** `--level CODE=LEVEL`, for the checks beyond syntax; what is wrong with a record's syntax is always an error. */
export function levelOption(): Option {
  return new Option(
    '--level <code=level>',
    `level of a check (${checkLevels.join(', ')}), such as C_GAP=error; several times`,
  ).argParser(collectLevel);
}

function collectLevel(text: string, earlier: Levels = {}): Levels {
  const [, code = '', name = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const level = checkLevels.find((one) => one === name);
  if (!Object.hasOwn(checkTable, code)) {
    throw new InvalidArgumentError(`Expected CODE=LEVEL, with one of ${Object.keys(checkTable).join(', ')}.`);
  }
  if (level === undefined) throw new InvalidArgumentError(`Expected a level: ${checkLevels.join(', ')}.`);
  return { ...earlier, [code]: level };
}
