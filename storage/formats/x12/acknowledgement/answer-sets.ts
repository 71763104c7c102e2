import type { Segment } from '../segment.ts';
import type { Group, SetContext, SetReader } from '../set-reader.ts';
import {
  elementProblems,
  groupProblems,
  type Result,
  results,
  segmentProblems,
  setProblems,
} from './answer-codes.ts';
import type { GroupAnswer, SegmentAnswer, SetAnswer } from './answers.ts';

/** Answers to sets and their errors in one 997; about 30 MB at most. */
const maxEntries = 100_000;

type Place = 'start' | 'group' | 'set' | 'segment' | 'element' | 'answered' | 'end';

/** What may follow what: AK1, for each set AK2, its AK3 and AK4, AK5, and AK9 at the end. */
const grammar: Readonly<Record<Place, Readonly<Record<string, Place>>>> = {
  start: { AK1: 'group' },
  group: { AK2: 'set', AK9: 'end' },
  set: { AK3: 'segment', AK5: 'answered' },
  segment: { AK3: 'segment', AK4: 'element', AK5: 'answered' },
  element: { AK3: 'segment', AK4: 'element', AK5: 'answered' },
  answered: { AK2: 'set', AK9: 'end' },
  end: {},
};
const answerSegments = new Set(['AK1', 'AK2', 'AK3', 'AK4', 'AK5', 'AK9']);

/** Reads transaction sets 997 (edi867 facts, section 6). An answer is handed on only when its set is without error. */
export class AnswerSets implements SetReader {
  readonly setId = '997';
  readonly functionalId = 'FA';
  readonly runCount = 0;
  readonly #onAnswer: ((answer: GroupAnswer) => void) | undefined;
  readonly #segment: Segment;
  #group: Group | undefined;
  #place: Place = 'start';
  #answer: GroupAnswer | undefined;
  #set: SetAnswer | undefined;
  #error: SegmentAnswer | undefined;
  #entries = 0;

  constructor({ segment }: SetContext, onAnswer: ((answer: GroupAnswer) => void) | undefined) {
    this.#segment = segment;
    this.#onAnswer = onAnswer;
  }

  begin(group: Group): void {
    this.#group = group;
    this.#place = 'start';
    this.#answer = undefined;
    this.#set = undefined;
    this.#error = undefined;
    this.#entries = 0;
  }

  /** A 997 has nothing that repeats plainly. */
  takeRun(_bytes: Buffer, at: number): number {
    return at;
  }

  take(segment: Segment): void {
    const next = Object.hasOwn(grammar[this.#place], segment.id)
      ? grammar[this.#place][segment.id]
      : undefined;
    if (next === undefined) {
      const expected = Object.keys(grammar[this.#place]).join(', ') || 'SE';
      if (answerSegments.has(segment.id)) segment.fault('E_ORDER', 0, `Here stands ${expected}.`);
      else
        segment.fault(
          segment.isKnown ? 'E_SEGMENT' : 'E_SEGMENT_ID',
          0,
          `A 997 has no such segment; expected ${expected}.`,
        );
      return;
    }
    this.#place = next;
    if (!segment.checkElements()) return;
    if (++this.#entries === maxEntries + 1)
      segment.fault('E_SET_SIZE', 0, `The 997 has more than ${maxEntries} answers and errors.`);
    if (this.#entries <= maxEntries) this.#hand();
  }

  #hand(): void {
    switch (this.#segment.id) {
      case 'AK1':
        this.#beginGroup();
        break;
      case 'AK2':
        this.#beginSet();
        break;
      case 'AK3':
        this.#takeSegment();
        break;
      case 'AK4':
        this.#takeElement();
        break;
      case 'AK5':
        this.#endSet();
        break;
      default:
        this.#endGroup();
        break;
    }
  }

  #beginGroup(): void {
    const segment = this.#segment;
    this.#answer = {
      line: segment.number,
      sender: this.#group?.sender ?? '',
      receiver: this.#group?.receiver ?? '',
      functionalId: segment.text(1),
      controlNumber: segment.text(2),
      result: results.R,
      claimed: 0,
      received: 0,
      accepted: 0,
      problems: [],
      sets: [],
    };
  }

  #beginSet(): void {
    const segment = this.#segment;
    this.#error = undefined;
    this.#set = {
      setId: segment.text(1),
      controlNumber: segment.text(2),
      result: results.R,
      problems: [],
      segments: [],
    };
    this.#answer?.sets.push(this.#set);
  }

  #takeSegment(): void {
    const segment = this.#segment;
    const problem = segment.isEmpty(4) ? segmentProblems['8'] : this.#word(segmentProblems, 4);
    this.#error = {
      segmentId: segment.text(1),
      position: this.#number(2),
      problem: problem ?? '',
      elements: [],
    };
    this.#set?.segments.push(this.#error);
  }

  #takeElement(): void {
    const segment = this.#segment;
    this.#error?.elements.push({
      position: segment.text(1),
      dataElement: segment.text(2),
      problem: this.#word(elementProblems, 3),
      text: segment.text(4),
    });
  }

  #endSet(): void {
    if (this.#set === undefined) return;
    this.#set.result = this.#result(1);
    this.#set.problems = this.#words(setProblems, [2, 3, 4, 5, 6]);
    this.#set = undefined;
  }

  #endGroup(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    answer.result = this.#result(1);
    answer.claimed = this.#number(2);
    answer.received = this.#number(3);
    answer.accepted = this.#number(4);
    answer.problems = this.#words(groupProblems, [5, 6, 7, 8, 9]);
    this.#checkCounts(answer);
  }

  #checkCounts({ sets, received, accepted }: GroupAnswer): void {
    const good = sets.filter(({ result }) => result === results.A || result === results.E).length;
    // Accepted sets need not be listed.
    const isRight = accepted <= received && sets.length <= received && good <= accepted;
    const isComplete = sets.length < received || good === accepted;
    if (isRight && isComplete) return;
    this.#segment.fault(
      'W_COUNTS',
      4,
      `The answers name ${sets.length} sets, ${good} of them accepted; AK9 counts ${received} and ${accepted}.`,
    );
  }

  #result(n: number): Result {
    const code = this.#segment.text(n);
    if (Object.hasOwn(results, code)) return results[code as keyof typeof results];
    this.#segment.fault('E_ANSWER', n, `Expected one of ${Object.keys(results).join(', ')}.`);
    return results.R;
  }

  #word(table: Readonly<Record<string, string>>, n: number): string {
    const code = this.#segment.text(n);
    const word = Object.hasOwn(table, code) ? table[code] : undefined;
    if (word !== undefined) return word;
    this.#segment.fault('E_CODE', n, `Expected one of ${Object.keys(table).join(', ')}.`);
    return '';
  }

  #words(table: Readonly<Record<string, string>>, numbers: readonly number[]): string[] {
    return numbers.filter((n) => !this.#segment.isEmpty(n)).map((n) => this.#word(table, n));
  }

  #number(n: number): number {
    const text = this.#segment.text(n);
    if (/^\d+$/.test(text)) return Number(text);
    this.#segment.fault('E_NUMBER', n, 'Expected a whole number.');
    return 0;
  }

  end(segment: Segment, isGood: boolean): void {
    if (this.#place !== 'end') {
      segment.fault('E_MISSING', 0, `Before it the ${Object.keys(grammar[this.#place]).at(-1)} is missing.`);
      return;
    }
    if (isGood && this.#answer !== undefined) this.#onAnswer?.(this.#answer);
  }

  finish(): void {
    this.#answer = undefined;
  }
}
