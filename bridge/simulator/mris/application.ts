import { createHash } from 'node:crypto';
import { writeReadings } from '../../../storage/formats/meter-data-xml/writer.ts';
import { parseDateTime } from '../../../storage/formats/xml/parse-date-time.ts';
import { createTemplateReader, type ReadRecord } from '../../../storage/formats/xml/template-reader.ts';
import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import type { XmlTemplate } from '../../../storage/formats/xml/xml-template.ts';
import { hourMs } from '../../../storage/model/time.ts';
import type { Clock } from '../../../storage/ports/clock.ts';
import type { MrisMapping } from '../../mris/messages/mapping.ts';
import type { MrisService } from '../../mris/outcomes.ts';
import type { Attachments } from '../../mris/soap/envelope.ts';
import type { Alterations } from '../alterations.ts';
import * as answers from './answers.ts';
import type { MrisFault } from './faults.ts';
import { selectReadings, toHeld } from './held-readings.ts';
import type { Ledger } from './ledger.ts';
import { type Message, readInside, unpackSubmitted } from './message.ts';
import { toStatusDocument } from './status-document.ts';
import { validateMeterData } from './validation.ts';
import type { VerifiedEnvelope } from './verify-envelope.ts';

/** One request that was verified. */
export interface MrisRequest {
  readonly owner: string;
  readonly attachments: Attachments;
  readonly message: Message;
  readonly verified: VerifiedEnvelope;
  readonly faults: readonly MrisFault[];
  readonly looks: answers.Looks;
}

export interface MrisApplicationParts {
  readonly ledger: Ledger;
  readonly mapping: MrisMapping;
  readonly clock: Clock;
  readonly alterations: Alterations;
  /** How long a batch is in process. */
  readonly validationMs: number;
  /** Whether the good records of a batch with errors are accepted. */
  readonly isPartial: boolean;
  /** Resources that there are; undefined for all that are well named. */
  readonly resources: ReadonlySet<string> | undefined;
  /** SC ids that may be asked for; undefined for all. */
  readonly scIds: ReadonlySet<string> | undefined;
  /** Most records of a retrieve. */
  readonly maxRecords: number;
}

/** What the application answers to each service. Throws `XmlFault` with the words of a fault. */
export function createMrisApplication(
  parts: MrisApplicationParts,
): Record<MrisService, (request: MrisRequest) => answers.SiteAnswer | Promise<answers.SiteAnswer>> {
  const { ledger, mapping, clock } = parts;
  const batchesOf = (owner: string) => ledger.all().filter((batch) => batch.owner === owner);
  const toNothing = (looks: answers.Looks) => answers.toFault('No data found', looks, mapping);

  return {
    submit({ owner, attachments, message, verified, faults, looks }) {
      const document = unpackSubmitted(message, verified, attachments);
      const receivedAt = clock.now();
      const { records, errors, valid } = validateMeterData(document, {
        format: mapping.meterData,
        resources: parts.resources,
        now: receivedAt,
        forced: faults.find(({ fault }) => fault === 'validation-error')?.code,
      });
      const isWhole = errors.length === 0;
      const { batchId } = ledger.add({
        owner,
        receivedAt,
        validationMs: parts.validationMs + (looks.has('hour-long-validation') ? hourMs : 0),
        bytes: document.length,
        sha256: createHash('sha256').update(document).digest('hex'),
        records,
        ends: isWhole ? 'success' : 'error',
        errors: isWhole || parts.isPartial ? [...errors] : [wholeBatchRefused, ...errors],
        readings: isWhole || parts.isPartial ? [...valid] : [],
      });
      return answers.toReceived(batchId, looks, mapping);
    },

    status({ owner, attachments, verified, looks }) {
      const { fields } = readRequest(verified.body, mapping.batchStatus.template);
      const batch = batchesOf(owner).find(({ batchId }) => batchId === fields.batchId);
      if (batch === undefined) return toNothing(looks);
      return answers.toDocumentAnswer(toStatusDocument(batch, clock.now(), mapping), attachments, looks);
    },

    retrieve({ owner, attachments, verified, looks }) {
      const { template, all } = mapping.requestMeterData;
      const { fields, resourceIds } = readRequest(verified.body, template);
      const { startAt = '', endAt = '', measurementType, scId, intervalMinutes, updatedSinceAt } = fields;
      if (scId !== undefined && parts.scIds?.has(scId) === false) {
        const output = answers.toOutput({ words: answers.invalidRoleWords }, looks, mapping);
        return answers.toDocumentAnswer(output, attachments, looks);
      }
      const held = toHeld(batchesOf(owner), clock.now());
      const types = mapping.meterData.measurementTypes;
      const altered = parts.alterations.apply(held, (added, updatedAt) => ({
        ...added,
        resourceKind: types[added.measurementType]?.resource ?? '',
        updatedAt,
      }));
      const found = selectReadings(altered, {
        resourceIds: resourceIds.includes(all) ? undefined : new Set(resourceIds),
        startAt: parseDateTime(startAt, 'the start'),
        endAt: parseDateTime(endAt, 'the end'),
        measurementType,
        intervalMinutes: intervalMinutes === undefined ? undefined : Number(intervalMinutes),
        updatedSinceAt:
          updatedSinceAt === undefined ? undefined : parseDateTime(updatedSinceAt, 'the update'),
      });
      if (found.length === 0) return toNothing(looks);
      if (found.length > parts.maxRecords) {
        throw new XmlFault(`The request exceeds the limit of ${parts.maxRecords} records`);
      }
      const readings = looks.has('duplicate-rows') ? found.flatMap((each) => [each, each]) : found;
      const [shownScId] = scId === undefined ? (parts.scIds ?? []) : [scId];
      const shown = readings.map((each) => (shownScId === undefined ? each : { ...each, scId: shownScId }));
      return answers.toDocumentAnswer(
        [...writeReadings(shown, mapping.meterData)].join(''),
        attachments,
        looks,
      );
    },
  };
}

const wholeBatchRefused = {
  message: 'Batch rejected: one or more records failed validation.',
  intervalEndsAt: [],
};

/** A request's values, read as strictly as a schema would. */
function readRequest(
  body: string,
  template: XmlTemplate,
): Pick<ReadRecord, 'fields'> & { resourceIds: readonly string[] } {
  const resourceIds: string[] = [];
  const reader = createTemplateReader(template, {
    isStrict: true,
    onRecord: (_list, { fields }) => resourceIds.push(fields.resourceId ?? ''),
  });
  readInside(body, reader);
  return { fields: reader.record.fields, resourceIds };
}
