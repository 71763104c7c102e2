import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  packAttachment,
  readAttachment,
  TooLargeFault,
  toAttachmentHash,
} from '../../../../bridge/mris/soap/attachment.ts';
import { createXmlTreeBuilder } from '../../../../storage/formats/xml/xml-tree.ts';

const document = Buffer.from(`<a>${'é'.repeat(100_000)}</a>`);

async function read(text: string, maxBytes = 1_000_000) {
  const tree = createXmlTreeBuilder();
  await readAttachment(text, maxBytes, tree);
  return tree.root?.text;
}

describe('an attachment', () => {
  test('is base64 of gzip, the same every time', async () => {
    const text = await packAttachment(document);
    expect(gunzipSync(Buffer.from(text, 'base64'))).toEqual(document);
    expect(await packAttachment(document)).toBe(text);
  });

  test('has the hash of its text as it is sent', () => {
    expect(toAttachmentHash('H4sI')).toBe(
      createHash('sha1').update(Buffer.from('H4sI')).digest().toString('base64'),
    );
  });

  test('reads back, also folded into lines, and with characters torn between pieces', async () => {
    const text = await packAttachment(document);
    expect(await read(text)).toBe('é'.repeat(100_000));
    expect(await read(`${text.replace(/(.{76})/g, '$1\r\n')}\n`)).toBe('é'.repeat(100_000));
  });

  test('is read up to its limit and not a byte more', async () => {
    const text = gzipSync(document).toString('base64');
    expect(await read(text, document.length)).toHaveLength(100_000);
    await expect(read(text, document.length - 1)).rejects.toThrow(TooLargeFault);
  });
});
