import { toPathsOf } from './create-certificates.ts';
import type { Places } from './places.ts';
import type { Ports } from './ports.ts';

/**
 * What to try next, while everything is up.
 *
 * @param address the path of a file in the mailbox of esp-one
 */
export function toFarewell(places: Places, ports: Ports, address: string): string {
  const url = `https://localhost:${ports.server}`;
  const curl = (client: 'esp-one' | 'staff', ...rest: string[]) => {
    const { certificatePath, keyPath } = toPathsOf(places, client);
    const files = [toPathsOf(places, 'authority').certificatePath, certificatePath, keyPath].map(quote);
    return `  curl --cacert ${files[0]} --cert ${files[1]} --key ${files[2]} ${rest.join(' ')}`;
  };
  return `
Everything is up. In another terminal, as esp-one: its mailbox, and the file in it
${curl('esp-one', `${url}/mailboxes/esp-one/`, '--header "Accept: application/json"')}
${curl('esp-one', `${url}${address}`)}
As staff: what was posted, and how it stands at the ISO
${curl('staff', `${url}/postings`, '--header "Accept: application/json"')}
${curl('staff', `${url}/submissions`, '--header "Accept: application/json"')}
What the ISO's simulator holds
  curl http://127.0.0.1:${ports.control}/holdings

In a browser: ${url}/ after importing, as a certificate of yours, one of
  ${toPathsOf(places, 'staff').pkcs12Path}
  ${toPathsOf(places, 'esp-one').pkcs12Path}
  with the passphrase in ${places.passphraseFile},
  and as an authority ${toPathsOf(places, 'authority').certificatePath}
The command line: npm run mdma -- --config ${quote(places.configFile)} postings

Ctrl-C stops everything; the next start goes on with the same data.`;
}

/** For a shell; as it stands where nothing in it has a meaning there. */
function quote(file: string): string {
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}
