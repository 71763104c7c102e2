import { Option } from 'commander';
import {
  type CheckLevels,
  parseCheckLevel,
  toCheckLevels,
} from '../../../storage/formats/checks/check-levels.ts';
import { checkLevels } from '../../../storage/formats/format.ts';
import { asOption } from '../../parse-option.ts';

/** `--level CODE=LEVEL`, for the checks beyond syntax; what is wrong with a record's syntax is always an error. */
export function levelOption(): Option {
  return new Option(
    '--level <code=level>',
    `level of a check (${checkLevels.join(', ')}), such as C_GAP=error; several times`,
  ).argParser((text, earlier: CheckLevels = {}) => toCheckLevels(earlier, [asOption(parseCheckLevel)(text)]));
}
