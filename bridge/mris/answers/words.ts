/** What words of the ISO mean, in a fault, a page or a document. The texts are its own; letter case is left aside. */
export type Meaning = 'rate-limited' | 'no-data-found' | 'denied' | 'not-now';

/** "CAISO MRI-S Acceptable Use Policy Violation": the words around differ from system to system. */
export const acceptableUse = /Acceptable\s+Use\s+Policy\s+Violation/i;

const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [acceptableUse, 'rate-limited'],
  [/^\s*No data found/i, 'no-data-found'],
  [/not authorized to access|Invalid role and\/or Entity list identifier/i, 'denied'],
  // Ours: what a gateway may say of a system behind it. After a submit it proves nothing.
  [/\btime[ -]?d?[ -]?out\b|\btemporarily\b|\bunavailable\b|\bmaintenance\b|\btry again later\b/i, 'not-now'],
];

/** @returns undefined for words that are none of the known ones */
export function findMeaning(words: string): Meaning | undefined {
  return meanings.find(([pattern]) => pattern.test(words))?.[1];
}
