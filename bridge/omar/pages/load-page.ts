import { type CheerioAPI, load } from 'cheerio';
import { type Reading, toMended } from '../../https/text.ts';

/** Pages are a few kilobytes, 25 rows at most. */
const maxCharacters = 500_000;

/** The parser's work: for each tag, what is open where it stands. A page of 25 rows takes a thousand. */
const maxWork = 100_000;

/** The parser compares each attribute with all before it. */
const maxAttributes = 100;

const nextTag = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][^\s/>]*)/gi;
const nextAttribute = /[\s/]*(?:=[^\s/>=]*|[^\s/>=]+)(?:\s*=\s*(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^\s>]*))?/y;
const isEmptyElement = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i;
const isRawText = /^(?:script|style|textarea|title|xmp|iframe|noembed|noframes)$/i;

/**
 * A mended page as a tree, with the places of its nodes in it. What would keep the parser for longer than a moment,
 * because its time grows with the square of depth or attributes, is refused before: nothing else is served meanwhile.
 */
export function loadPage(html: string): Reading<CheerioAPI> {
  if (html.length > maxCharacters) {
    return { why: `a page of ${html.length} characters, more than ${maxCharacters}` };
  }
  const mended = toMended(html);
  const why = findExcess(mended);
  return why === undefined ? { found: load(mended, { sourceCodeLocationInfo: true }) } : { why };
}

function findExcess(html: string): string | undefined {
  let depth = 0;
  let work = 0;
  nextTag.lastIndex = 0;
  for (let tag = nextTag.exec(html); tag !== null; tag = nextTag.exec(html)) {
    const [, slash, name] = tag;
    if (name === undefined) continue;
    const { end, attributes } = skipAttributes(html, nextTag.lastIndex);
    if (attributes > maxAttributes) return `a tag of more than ${maxAttributes} attributes`;
    nextTag.lastIndex = end;
    if (slash === '/') depth = Math.max(0, depth - 1);
    else if (isRawText.test(name)) nextTag.lastIndex = findRawTextEnd(html, end, name);
    else if (!isEmptyElement.test(name)) depth += 1;
    work += depth + 1;
    if (work > maxWork) return 'a page of too many tags, or too deep ones';
  }
  return undefined;
}

function skipAttributes(html: string, from: number): { end: number; attributes: number } {
  let attributes = 0;
  let end = from;
  nextAttribute.lastIndex = from;
  while (attributes <= maxAttributes && nextAttribute.test(html)) {
    attributes += 1;
    end = nextAttribute.lastIndex;
  }
  return { end, attributes };
}

/** Behind the name of its end tag: what stands before that is no tag. */
function findRawTextEnd(html: string, from: number, name: string): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  end.lastIndex = from;
  const found = end.exec(html);
  return found === null ? html.length : end.lastIndex;
}
