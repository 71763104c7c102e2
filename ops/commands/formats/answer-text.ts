import type {
  ElementAnswer,
  GroupAnswer,
  SegmentAnswer,
  SetAnswer,
} from '../../../storage/formats/x12/acknowledgement/answers.ts';
import { toCountText } from './count-text.ts';
import { wrap } from './wrap.ts';

/** What a 997 says, by the control numbers of what it answers. */
export function toAnswersText(answers: readonly GroupAnswer[], others: number): string {
  const more = others === 0 ? '' : `... and ${toCountText(others, 'group')} more.\n`;
  return answers.map(toGroupText).join('') + more;
}

function toGroupText(answer: GroupAnswer): string {
  const { functionalId, controlNumber, result, claimed, received, accepted, problems, sets } = answer;
  const counts = `${toCountText(claimed, 'set')} claimed, ${received} received, ${accepted} accepted`;
  const head = `Group ${controlNumber} (${functionalId}): ${result}${toList(problems)}; ${counts}`;
  return wrap(head, '') + sets.map(toSetText).join('');
}

function toSetText({ setId, controlNumber, result, problems, segments }: SetAnswer): string {
  const head = `Set ${controlNumber} (${setId}): ${result}${toList(problems)}`;
  return wrap(head, '  ') + segments.map(toSegmentText).join('');
}

function toSegmentText({ segmentId, position, problem, elements }: SegmentAnswer): string {
  return wrap(`Segment ${position} ${segmentId}: ${problem}`, '    ') + elements.map(toElementText).join('');
}

function toElementText({ position, dataElement, problem, text }: ElementAnswer): string {
  const element = dataElement === '' ? '' : ` (data element ${dataElement})`;
  const found = text === '' ? '' : `, found ${JSON.stringify(text)}`;
  return wrap(`Element ${position}${element}: ${problem}${found}`, '      ');
}

function toList(problems: readonly string[]): string {
  return problems.length === 0 ? '' : `, ${problems.join(', ')}`;
}
