import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { toReadRequest, toSubmitRequest } from '../../../bridge/mris/services.ts';
import { toSigningIdentity } from '../../../bridge/mris/soap/identity.ts';
import { parseMultipart } from '../../../bridge/mris/soap/multipart.ts';
import * as names from '../../../bridge/mris/soap/namespaces.ts';
import { type SignedPart, signEnvelope } from '../../../bridge/mris/soap/signature.ts';
import { verifyEnvelope } from '../../../bridge/simulator/mris/verify-envelope.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { issueUser, mapping, toDocument, toPem, toRows, user } from './mris-setup.ts';

const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;
if (!hasXmlsec)
  console.warn('Skipped: xmlsec1 is not installed, so no other program verifies our signatures');

const now = Date.UTC(2026, 10, 24);
const peer = new X509Certificate(user.certificatePem);
let ids = 0;
const settings = {
  basePath: '/sst/stlmt',
  attachments: 'plain',
  soapActions: mapping.soapActions,
  identity: toSigningIdentity(toPem(user)),
  hash: 'sha1',
  now,
  newId: () => `0000-${ids++}`,
} as const;

const status = '<BatchValidationStatus xmlns="urn:x">1</BatchValidationStatus>';
const document = toDocument(toRows(96));

/** Every kind of message there is, as its envelope. */
const messages = {
  'submit, plain': async (hash: names.SignatureHash) => {
    const { headers, body } = await toSubmitRequest(document, { ...settings, hash });
    return parseMultipart(headers['content-type'] ?? '', body ?? Buffer.alloc(0))[0]?.bytes.toString() ?? '';
  },
  'submit, doc-attach': async (hash: names.SignatureHash) => {
    const request = await toSubmitRequest(document, { ...settings, hash, attachments: 'doc-attach' });
    return String(request.body);
  },
  status: async (hash: names.SignatureHash) =>
    String(toReadRequest('status', status, { ...settings, hash }).body),
  retrieve: async (hash: names.SignatureHash) =>
    String(toReadRequest('retrieve', status, { ...settings, hash }).body),
};

const cases = (['sha1', 'sha256'] as const).flatMap((hash) =>
  (Object.keys(messages) as (keyof typeof messages)[]).map((kind) => [kind, hash] as const),
);

const folder = makeTemporaryFolder();
const certificateFile = path.join(folder, 'user.crt');
writeFileSync(certificateFile, user.certificatePem);

const signedElements = [
  `${names.soapNamespace}:Body`,
  `${names.wsseNamespace}:BinarySecurityToken`,
  `${names.headerNamespace}:CAISOWSHeader`,
  `${names.hashNamespace}:attachmentHash`,
  `${names.attachmentInfoNamespace}:standardAttachmentInfor`,
];

function verifyByXmlsec(envelope: string): { status: number | null; words: string } {
  const file = path.join(folder, 'message.xml');
  writeFileSync(file, envelope);
  const idAttributes = signedElements.flatMap((name) => ['--id-attr:Id', name]);
  const { status, stderr } = spawnSync(
    'xmlsec1',
    ['--verify', '--pubkey-cert-pem', certificateFile, ...idAttributes, file],
    { encoding: 'utf8' },
  );
  return { status, words: stderr };
}

describe.skipIf(!hasXmlsec)('xmlsec1', () => {
  test.each(cases)('verifies a message: %s by %s', async (kind, hash) => {
    const envelope = await messages[kind](hash);
    const references = envelope.match(/<ds:Reference /g)?.length;
    const { status, words } = verifyByXmlsec(envelope);
    expect(words).toContain(`SignedInfo References (ok/all): ${references}/${references}`);
    expect(status).toBe(0);
  });

  test('and not one whose body was changed', async () => {
    const envelope = (await messages.status('sha1')).replace('>1<', '>2<');
    expect(verifyByXmlsec(envelope).status).not.toBe(0);
  });
});

describe('a signed message', () => {
  test.each(cases)(
    'refers to its parts in the order of the reference client: %s by %s',
    async (kind, hash) => {
      const envelope = await messages[kind](hash);
      const toName = (id: string) => new RegExp(`<(?:\\w+:)?(\\w+)[^>]* wsu:Id="${id}"`).exec(envelope)?.[1];
      const signed = [...envelope.matchAll(/<ds:Reference URI="#([^"]+)"/g)].map(([, id = '']) => toName(id));
      const extra = {
        'submit, plain': ['attachmentHash', 'standardAttachmentInfor'],
        'submit, doc-attach': ['standardAttachmentInfor'],
        status: [],
        retrieve: [],
      }[kind];
      expect(signed).toEqual(['Body', 'BinarySecurityToken', 'CAISOWSHeader', ...extra]);
      expect(envelope).toContain(`SignatureMethod Algorithm="${names.signatureAlgorithms[hash].signature}"`);
      expect(new Set(envelope.match(/wsu:Id="[^"]+"/g)).size).toBe(signed.length);
      expect(envelope).toMatch(/wsu:Id="id-0000-\d+"/);
    },
  );

  test('carries user, time and end', async () => {
    const envelope = await messages.status('sha1');
    expect(envelope).toContain('<h:Username>CN=MDMA USERx0001,OU=people,O=CAISO,C=US</h:Username>');
    expect(envelope).toContain('<h:Created>2026-11-24T00:00:00.000Z</h:Created>');
    expect(envelope).toContain('<h:Expires>2026-11-24T00:15:00.000Z</h:Expires>');
  });
});

describe('the simulator', () => {
  const swap = (from: string | RegExp, to: string) => (xml: string) => {
    const changed = xml.replace(from, to);
    if (changed === xml) throw new Error(`nothing to change: ${from}`);
    return changed;
  };
  const second = (element: string) => (xml: string) =>
    xml.replace('</soapenv:Header>', `${element}</soapenv:Header>`);

  test.each(cases)('takes a message: %s by %s', async (kind, hash) => {
    expect(verifyEnvelope(await messages[kind](hash), peer, now)).not.toHaveProperty('fault');
  });

  test.each([
    ['whose body was changed', swap('>1<', '>2<'), /a digest differs/],
    ['whose user was changed', swap('USERx0001,OU', 'USERx0002,OU'), /a digest differs/],
    [
      'whose signature was changed',
      swap(/(<ds:SignatureValue>.{10})./, '$1_'),
      /Signature validation status: false/,
    ],
    ['without a signature', swap(/<ds:Signature .*<\/ds:Signature>/s, ''), /0 elements Signature/],
    ['whose token is no certificate', swap(/(<wsse:BinarySecurityToken[^>]*>)[^<]+/, '$1AAAA'), /false/],
    [
      'with a document type',
      swap('<soapenv:Envelope', '<!DOCTYPE x [<!ENTITY a "b">]><soapenv:Envelope'),
      /a document type/,
    ],
    [
      'of SOAP 1.2',
      swap(/http:\/\/schemas.xmlsoap.org\/soap\/envelope\//, 'http://www.w3.org/2003/05/soap-envelope'),
      /no SOAP 1.1/,
    ],
    ['with two bodies', swap('</soapenv:Envelope>', '<soapenv:Body/></soapenv:Envelope>'), /2 elements Body/],
    [
      'with a second user header',
      second(`<x:CAISOWSHeader xmlns:x="${names.headerNamespace}"/>`),
      /not signed, or there twice/,
    ],
    [
      'with an unsigned hash',
      second(`<x:attachmentHash xmlns:x="${names.hashNamespace}"/>`),
      /attachmentHash is not signed/,
    ],
    ['that is no XML', () => '<soapenv:Envelope', /false/],
  ])('refuses a message %s', async (_, change, fault) => {
    const outcome = verifyEnvelope(change(await messages.status('sha1')), peer, now);
    expect(outcome).toEqual({ fault: expect.stringMatching(fault) });
  });

  test.each<[string, boolean, SignedPart[]]>([
    ['without its token, as another known client does', true, ['CAISOWSHeader', 'Body']],
    ['without its user', false, ['Body', 'BinarySecurityToken']],
    ['without its body', false, ['BinarySecurityToken', 'CAISOWSHeader']],
  ])('a message that is signed %s is taken: %s', async (_, isTaken, parts) => {
    const bare = (await messages.status('sha1')).replace(/<ds:Signature .*<\/ds:Signature>/s, '');
    const tokenId = /BinarySecurityToken wsu:Id="([^"]+)"/.exec(bare)?.[1] ?? '';
    const outcome = verifyEnvelope(
      signEnvelope(bare, parts, { key: settings.identity.key, hash: 'sha1', tokenId }),
      peer,
      now,
    );
    expect('fault' in outcome).toBe(!isTaken);
  });

  test('refuses a message after its end, and one from the future', async () => {
    const envelope = await messages.status('sha1');
    const fault = expect.stringMatching(/^CAISOUsernameToken Validation Error\. (Expired|Created)$/);
    expect(verifyEnvelope(envelope, peer, now + 15 * 60_000 - 1)).not.toHaveProperty('fault');
    expect(verifyEnvelope(envelope, peer, now + 15 * 60_000)).toEqual({ fault });
    expect(verifyEnvelope(envelope, peer, now - 6 * 60_000)).toEqual({ fault });
  });

  test('refuses a name that is not the certificate’s', () => {
    const identity = toSigningIdentity(toPem(user), 'CN=SOMEBODY ELSE');
    const envelope = String(toReadRequest('status', status, { ...settings, identity }).body);
    expect(verifyEnvelope(envelope, peer, now)).toEqual({
      fault: 'CAISOUsernameToken Validation Error. Username',
    });
  });

  test('refuses the message of one user over the connection of another', async () => {
    const other = new X509Certificate((await issueUser('OTHERx2')).certificatePem);
    expect(verifyEnvelope(await messages.status('sha1'), other, now)).toEqual({
      fault: expect.stringMatching(/the token is not the certificate of the connection/),
    });
  });
});
