import { XmlFault, type XmlHandler } from '../../../storage/formats/xml/xml-reader.ts';
import { createXmlTreeBuilder } from '../../../storage/formats/xml/xml-tree.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { Exchange } from '../../https/connection.ts';
import { toUnrecognised } from '../../https/unrecognised.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import { toStandardOutput } from '../messages/standard-output.ts';
import type { MrisService } from '../outcomes.ts';
import { readAttachment } from '../soap/attachment.ts';
import { readAnswer } from './read-answer.ts';
import { findTrouble, type Trouble, toTroubleOfWords } from './trouble.ts';

/**
 * Most bytes of a document that was retrieved. 200,000 records, the most the ISO gives, take about 40 MB; whatever is
 * larger is not the ISO's.
 */
const maxDocumentBytes = 64 * 1024 * 1024;

/**
 * Reads the document that a retrieve brought into `handler`, by whichever way it came, while it is unpacked.
 *
 * @returns `read` when the handler has all of it
 */
export async function readDocument(
  service: MrisService,
  exchange: Exchange,
  { mapping, handler, now }: { mapping: MrisMapping; handler: XmlHandler; now: Instant },
): Promise<{ readonly kind: 'read' } | Trouble> {
  if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
  const { answer } = exchange;
  const content = readAnswer(answer, mapping);
  const trouble = findTrouble(service, answer, content, now);
  if (trouble !== undefined) return trouble;
  if (content.kind === 'output') {
    return content.output.words === undefined
      ? toUnrecognised(service, answer, 'StandardOutput without words')
      : toTroubleOfWords(content.output.words, answer, now);
  }
  if (content.kind !== 'attachment') return toUnrecognised(service, answer, `a body with ${content.kind}`);
  const choice = chooseHandler(handler, mapping);
  try {
    await readAttachment(content.text, maxDocumentBytes, choice);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return toUnrecognised(service, answer, error.message);
  }
  const words = choice.findErrorWords();
  if (words === undefined) return { kind: 'read' };
  return words === ''
    ? toUnrecognised(service, answer, 'StandardOutput without words in the attachment')
    : toTroubleOfWords(words, answer, now);
}

/** The expected document goes to its handler; an error document, which also comes with status 200, is kept aside. */
function chooseHandler(
  expected: XmlHandler,
  mapping: MrisMapping,
): XmlHandler & { findErrorWords(): string | undefined } {
  const tree = createXmlTreeBuilder();
  let chosen: XmlHandler | undefined;
  return {
    open(name) {
      chosen ??= mapping.standardOutput.roots.includes(name.local) ? tree : expected;
      chosen.open(name);
    },
    text: (piece) => chosen?.text(piece),
    close: () => chosen?.close(),
    findErrorWords() {
      if (tree.root === undefined) return undefined;
      return toStandardOutput(tree.root, mapping).words ?? '';
    },
  };
}
