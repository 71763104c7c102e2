/** Width of a terminal that nobody has to make wider. */
const width = 80;

/** Text as lines of at most 80 characters, broken at blanks, each after the indent. */
export function wrap(text: string, indent: string): string {
  return wrapParts(text.split(' '), '', indent);
}

/** Parts in lines of at most 80 characters, each after the indent; no part is broken. */
export function wrapParts(parts: readonly string[], separator: string, indent: string): string {
  const lines = [''];
  for (const [index, part] of parts.entries()) {
    const piece = index === parts.length - 1 ? part : part + separator;
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = piece;
    else if (indent.length + line.length + 1 + piece.length > width) lines.push(piece);
    else lines[lines.length - 1] = `${line} ${piece}`;
  }
  return lines.map((line) => `${indent}${line}\n`).join('');
}

/** A named fact: the name at the edge, the fact beside it, however many lines it takes. */
export function toFactText(name: string, fact: string): string {
  const indent = ' '.repeat(12);
  return `  ${name.padEnd(10)}${wrap(fact, indent).slice(indent.length)}`;
}
