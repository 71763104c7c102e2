import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { MeterDataFormat } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import type { XmlTemplate } from '../../../storage/formats/xml/xml-template.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import { mappingSchema } from './mapping-schema.ts';

/** The messages of MRI-S as the mapping file has them. */
export interface MrisMapping {
  readonly meterData: MeterDataFormat;
  readonly requestMeterData: {
    readonly template: XmlTemplate;
    /** In the place of a resource id: every resource that the certificate may see. */
    readonly all: string;
  };
  readonly batchStatus: {
    readonly template: XmlTemplate;
    /** The two descriptions that end a batch. */
    readonly success: string;
    readonly error: string;
  };
  readonly standardOutput: {
    readonly namespace: string;
    readonly roots: readonly string[];
    /** Ends of the paths to the batch id and to the ISO's words. */
    readonly batchId: readonly string[];
    readonly words: readonly string[];
  };
  readonly soapActions: Readonly<Record<'submit' | 'status' | 'retrieve', string>>;
}

const defaultFile = fileURLToPath(new URL('./default-mapping.yaml', import.meta.url));

/**
 * Reads a mapping file, YAML or JSON; without one the default, which holds stand-ins.
 *
 * @throws `invalid-request` naming the file and every fault in it
 */
export async function loadMapping(file = defaultFile): Promise<MrisMapping> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw refuse(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const document = parseDocument(text);
  const [damage] = document.errors;
  if (damage !== undefined) throw refuse(file, damage.message.split('\n')[0] ?? '', damage);
  const parsed = mappingSchema.safeParse(document.toJS());
  if (parsed.success) return toMapping(parsed.data);
  const faults = parsed.error.issues.map(({ path, message }) => ({
    at: path.join('.') || 'the file',
    value: '(see the file)',
    expected: message,
  }));
  const words = faults.map(({ at, expected }) => `${at}: ${expected}`).join('; ');
  throw new MdmaError('invalid-request', `Cannot use mapping file ${file}: ${words}`, { faults });
}

function toMapping({ meterData, requestMeterData, batchStatus, ...rest }: typeof mappingSchema._output) {
  const { namespace, document, ...tables } = meterData;
  return {
    ...rest,
    meterData: { ...tables, template: { namespace, document } },
    requestMeterData: { template: toTemplate(requestMeterData), all: requestMeterData.all },
    batchStatus: {
      template: toTemplate(batchStatus),
      success: batchStatus.success,
      error: batchStatus.error,
    },
  };
}

function toTemplate({ namespace, document }: XmlTemplate): XmlTemplate {
  return { namespace, document };
}

function refuse(file: string, found: string, cause: unknown): MdmaError {
  return new MdmaError('invalid-request', `Cannot use mapping file ${file}: ${found}`, { cause });
}
