/** The three characters, as bytes, that an interchange declares in its ISA. */
export interface Separators {
  readonly element: number;
  readonly component: number;
  readonly terminator: number;
}

/** What is written unless somebody else's separators are mirrored. */
export const usualSeparators: Separators = { element: 0x2a, component: 0x3e, terminator: 0x7e };

/**
 * Why the three cannot be separators; undefined when they can. Letters, digits and blanks stand in values, and so do
 * the signs and the point of numbers.
 */
export function findSeparatorProblem({ element, component, terminator }: Separators): string | undefined {
  if (element === component || element === terminator || component === terminator) {
    return 'Two separators are the same character.';
  }
  const isOfValues = (byte: number) => /[A-Za-z0-9 .+-]/.test(String.fromCharCode(byte)) || byte > 0x7e;
  const isControl = (byte: number) => byte < 0x20;
  if ([element, component, terminator].some(isOfValues)) {
    return 'A separator is a letter, digit, blank, point or sign, which values contain.';
  }
  // Separators from FS to US are in use; a terminator may be a line end.
  const isLineEnd = (byte: number) => byte === 0x0a || byte === 0x0d;
  const isRightControl = (byte: number) => byte >= 0x1c && byte <= 0x1f;
  if ([element, component].some((byte) => isControl(byte) && !isRightControl(byte))) {
    return 'The element or component separator is a control character.';
  }
  const isRight = !isControl(terminator) || isLineEnd(terminator) || isRightControl(terminator);
  return isRight ? undefined : 'The segment terminator is a control character.';
}
