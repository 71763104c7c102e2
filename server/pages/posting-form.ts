import { postableFormats } from '../../storage/formats/format.ts';
import { profileNames } from '../../storage/formats/scanners.ts';
import { reasonCodes } from '../../storage/model/reason-code.ts';
import { type Html, html } from '../http/html.ts';

/**
 * The form that posts a file: its fields are the parameters of `POST /postings`, the file comes last, and its key
 * makes a form that is sent twice post once. Mailboxes are chosen from those given; where there are none, named.
 */
export function toPostingForm(choices: {
  mailboxes: readonly { readonly name: string }[];
  isoAccounts: readonly { readonly name: string }[];
  key: string;
}): Html {
  const option = (value: string, words = value) => html`<option value="${value}">${words}</option>\n`;
  const mailboxes = choices.mailboxes.map(({ name }) => option(name));
  const accounts = choices.isoAccounts.map(({ name }) => option(name));
  const reasons = Object.entries(reasonCodes).map(([code, words]) => option(code, words));
  return html`<h2>Post a file</h2>
<form method="post" action="/postings" enctype="multipart/form-data">
<input type="hidden" name="idempotency-key" value="${choices.key}">
${
  mailboxes.length > 0
    ? html`<label for="mailbox">Mailboxes</label>\n<select id="mailbox" name="mailbox" multiple>\n${mailboxes}</select>\n`
    : ['1', '2', '3', '4'].map(
        (number) =>
          html`<label for="mailbox-${number}">Mailbox ${number}</label>\n<input id="mailbox-${number}" name="mailbox" maxlength="32">\n`,
      )
}
<label for="account">ISO account, for files already in the ISO's formats</label>
<select id="account" name="account">${option('', 'none')}${accounts}</select>
<label><input type="checkbox" name="archive-only" value="true"> Keep it only, show it to nobody</label>
<label for="format">Format</label>
<select id="format" name="format">${option('', 'by its content')}${postableFormats.map((name) => option(name))}</select>
<label for="profile">Profile, the dialect of the file; the mailbox's own when left out</label>
<input id="profile" name="profile" list="profiles" maxlength="200">
<datalist id="profiles">${profileNames('cmep').map((name) => option(name))}</datalist>
<label for="corrects">Corrects transaction</label>
<input id="corrects" name="corrects" inputmode="numeric">
<label for="reason">Reason of the correction</label>
<select id="reason" name="reason">${option('', 'none')}${reasons}</select>
<label for="complete">Holds complete billing periods</label>
<select id="complete" name="complete">${option('true', 'yes')}${option('false', 'no')}</select>
<label for="note">Note</label>
<input id="note" name="note" maxlength="1000">
<label for="file">File</label>
<input id="file" name="file" type="file" required>
<p><button>Post</button></p>
</form>
`;
}
