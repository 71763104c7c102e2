import type { ExchangeRequest } from '../https/connection.ts';
import type { MrisService } from './outcomes.ts';
import { packAttachment, toAttachmentHash } from './soap/attachment.ts';
import {
  type Attachments,
  type EnvelopeSettings,
  toAttachmentInfoHeader,
  toHashHeader,
  toSignedEnvelope,
} from './soap/envelope.ts';
import { writeMultipart } from './soap/multipart.ts';
import { isoAttachmentNamespace } from './soap/namespaces.ts';

/** Names of the services (Systems Access Information 10.1, "Settlements"). */
const serviceNames: Readonly<Record<MrisService, string>> = {
  submit: 'SubmitMeterData_STLMTv1',
  status: 'RetrieveBatchValidationStatus_STLMTv1',
  retrieve: 'RetrieveMeterData_STLMTv1',
};

/** The last step of a service's address. */
export function toServiceName(service: MrisService, attachments: Attachments): string {
  return `${serviceNames[service]}${attachments === 'plain' ? '' : '_DocAttach'}_AP`;
}

export interface ServiceSettings extends EnvelopeSettings {
  /** Path of the services, without a slash at its end. */
  readonly basePath: string;
  readonly attachments: Attachments;
  readonly soapActions: Readonly<Record<MrisService, string>>;
}

/** A signed request of a service that reads: the document stands in the body, in both variants. */
export function toReadRequest(
  service: 'status' | 'retrieve',
  body: string,
  settings: ServiceSettings,
): ExchangeRequest {
  const envelope = toSignedEnvelope({ body, headers: [] }, settings);
  return toRequest(service, envelope, settings);
}

/** A signed submit of a document, in the variant of the settings. */
export async function toSubmitRequest(
  document: Uint8Array,
  settings: ServiceSettings,
): Promise<ExchangeRequest> {
  const text = await packAttachment(document);
  if (settings.attachments === 'doc-attach') {
    const body =
      `<ISOAttachment xmlns="${isoAttachmentNamespace}"><AttachmentValue>${text}</AttachmentValue>` +
      '</ISOAttachment>';
    return toRequest(
      'submit',
      toSignedEnvelope({ body, headers: [toAttachmentInfoHeader(true)] }, settings),
      settings,
    );
  }
  const headers = [toHashHeader(toAttachmentHash(text)), toAttachmentInfoHeader(false)];
  return toMultipartRequest(toSignedEnvelope({ body: '', headers }, settings), text, settings);
}

/** The reference client quotes the action in a multipart message and nowhere else. */
function toRequest(service: MrisService, envelope: string, settings: ServiceSettings): ExchangeRequest {
  return {
    method: 'POST',
    path: `${settings.basePath}/${toServiceName(service, settings.attachments)}`,
    headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: settings.soapActions[service] },
    body: Buffer.from(envelope),
  };
}

function toMultipartRequest(envelope: string, text: string, settings: ServiceSettings): ExchangeRequest {
  const { boundary, body } = writeMultipart([
    {
      headers: [
        'Content-Type: text/xml; charset=UTF-8',
        'Content-Transfer-Encoding: 8bit',
        'Content-Disposition: form-data; name="payload"',
        'Content-ID: <payload>',
      ],
      content: envelope,
    },
    {
      headers: [
        'Content-Type: text/plain',
        'Content-Disposition: form-data; name="attachment.uue"',
        'Content-ID: <attachment.uue>',
      ],
      content: text,
    },
  ]);
  const { username } = settings.identity;
  return {
    method: 'POST',
    path: `${settings.basePath}/${toServiceName('submit', settings.attachments)}`,
    headers: {
      'mime-version': '1.0',
      'content-type': `multipart/related; type="text/xml"; start="<payload>"; boundary="${boundary}"`,
      soapaction: `"${settings.soapActions.submit}"`,
      // As the reference client does; a name that no header can carry is in the envelope anyway.
      ...(/^[\x20-\x7e]+$/.test(username) ? { 'ct-remote-user': username } : {}),
    },
    body,
  };
}
