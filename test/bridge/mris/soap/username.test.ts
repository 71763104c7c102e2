import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { toUsername } from '../../../../bridge/mris/soap/username.ts';
import { issueUser } from '../mris-setup.ts';

test.each([
  ['C=US\nO=CAISO\nOU=people\nCN=NAME LASTx1234', 'CN=NAME LASTx1234,OU=people,O=CAISO,C=US'],
  ['C=US\nO=California ISO\nOU=our people\nCN=A B C', 'CN=A B C,OU=ourpeople,O=CaliforniaISO,C=US'],
  ['C=US\nserialNumber=12 34\nCN=A', 'CN=A,SerialNumber=1234,C=US'],
  ['C=US\nSERIALNUMBER=1\nOID.2.5.4.5=2\nCN=A', 'CN=A,SerialNumber=2,SerialNumber=1,C=US'],
  ['CN=alone', 'CN=alone'],
])('%j', (subject, username) => {
  expect(toUsername(subject)).toBe(username);
});

test('of a real certificate', async () => {
  const { certificatePem } = await issueUser('JOHN DOEx0001');
  expect(toUsername(new X509Certificate(certificatePem).subject)).toBe(
    'CN=JOHN DOEx0001,OU=people,O=CAISO,C=US',
  );
});
