import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import type { CertificateEntry } from '../../../storage/ports/participants.ts';
import type { Context } from '../../context.ts';
import { parseCertificateEntry } from '../../parse-certificate-entry.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable, toTimeText } from '../../table.ts';
import { withStore } from '../../with-store.ts';

/** `certificate register|revoke|list`: the client certificates that let somebody in. */
export function addCertificateCommand(program: Command, context: Context): void {
  const certificate = program
    .command('certificate')
    .description('client certificates that let somebody in: register, revoke, list');
  certificate
    .command('register')
    .description('let a participant in with a client certificate; several at a time, for changing over')
    .argument('<file>', 'the certificate, PEM or DER; never the key')
    .requiredOption('--participant <name>', 'whose certificate it is')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma certificate register esp-one.crt --participant esp-one')
    .action((file: string, options: { participant: string; json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const read = await readCertificate(path.resolve(context.cwd, file));
        const input = { ...read, participant: parseParticipantName(options.participant) };
        if (input.validToAt <= context.clock.now()) {
          throw new MdmaError(
            'conflict',
            `Cannot register ${file}: it ended on ${toTimeText(input.validToAt)}`,
          );
        }
        await catalogue.participants.registerCertificate(input);
        const until = `until ${toTimeText(input.validToAt)}`;
        print(
          context,
          options,
          input,
          `Registered ${input.fingerprint} for ${input.participant}, ${until}.\n`,
        );
      }),
    );
  certificate
    .command('revoke')
    .description('shut a certificate out, from the next request on')
    .argument('<fingerprint>', 'SHA-256 fingerprint, with or without colons')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nA certificate file names its own fingerprint:\n  openssl x509 -noout -fingerprint -sha256 -in esp-one.crt',
    )
    .action((text: string, options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const fingerprint = parseSha256(text.replaceAll(':', ''), 'fingerprint');
        await catalogue.participants.revokeCertificate(fingerprint);
        print(context, options, { fingerprint }, `Revoked ${fingerprint}.\n`);
      }),
    );
  certificate
    .command('list')
    .description('list all certificates, those that end first on top')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.participants.listCertificates();
        const sorted = found.toSorted((one, other) => one.validToAt - other.validToAt);
        print(
          context,
          options,
          sorted,
          toTable(sorted, toColumns(context.clock.now()), 'There are no certificates yet.'),
        );
      }),
    );
}

function toColumns(now: number): Column<CertificateEntry>[] {
  const toState = ({ revokedAt, validToAt }: CertificateEntry) => {
    if (revokedAt !== null) return 'revoked';
    return validToAt <= now ? 'ended' : 'good';
  };
  return [
    { heading: 'PARTICIPANT', cell: ({ participant }) => participant },
    { heading: 'STATE', cell: toState },
    { heading: 'ENDS', cell: ({ validToAt }) => toTimeText(validToAt) },
    { heading: 'SUBJECT', cell: ({ subject }) => subject },
    { heading: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint },
  ];
}

async function readCertificate(file: string) {
  const bytes = await readFile(file);
  try {
    return parseCertificateEntry(bytes);
  } catch (cause) {
    const expected = 'a file with an X.509 certificate as PEM or DER';
    const message = `Cannot register certificate: ${file} is not ${expected}`;
    throw new MdmaError('invalid-request', message, { cause });
  }
}
