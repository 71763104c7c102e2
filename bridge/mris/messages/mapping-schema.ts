import { z } from 'zod';
import type { XmlNode } from '../../../storage/formats/xml/xml-template.ts';

const xmlName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9._-]*$/, 'the name of an element: letters, digits, dots, dashes, underscores');
const code = z.string().regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 printable characters without blanks');

const nodeSchema: z.ZodType<XmlNode> = z
  .strictObject({
    element: xmlName,
    field: xmlName.optional(),
    text: z.string().optional(),
    each: xmlName.optional(),
    kind: xmlName.optional(),
    get children() {
      return z.array(nodeSchema).min(1).optional();
    },
  })
  .refine(
    ({ field, text, children }) => [field, text, children].filter((each) => each !== undefined).length === 1,
    { error: 'one of field, text and children' },
  );

/** Which values a document has: by list, `''` standing for the document itself. */
type FieldTable = Readonly<
  Record<string, { readonly required: readonly string[]; readonly optional?: readonly string[] }>
>;

/** Both kinds of error logs of a batch. */
const errorLog = {
  required: ['message'],
  optional: ['errorId', 'endAt', 'priority', 'loggedAt', 'startAt'],
};

const meterDataFields: FieldTable = {
  '': { required: [] },
  series: {
    required: ['resourceId', 'measurementType', 'unit', 'intervalMinutes'],
    optional: ['scId'],
  },
  'series.intervals': { required: ['endAt', 'value'], optional: ['quality', 'updatedAt'] },
};
const requestFields: FieldTable = {
  '': {
    required: ['startAt', 'endAt'],
    optional: ['measurementType', 'scId', 'intervalMinutes', 'updatedSinceAt'],
  },
  resources: { required: ['resourceId'] },
};
const batchStatusFields: FieldTable = {
  '': { required: ['batchId', 'status'], optional: ['createdAt'] },
  errors: errorLog,
  resources: { required: ['resourceId'], optional: ['measurementType'] },
  'resources.intervals': { required: ['endAt'] },
  'resources.errors': errorLog,
};

function documentSchema(table: FieldTable): z.ZodType<XmlNode> {
  return nodeSchema.superRefine((document, context) => {
    for (const message of findFieldFaults(document, table)) context.addIssue({ code: 'custom', message });
  });
}

function findFieldFaults(document: XmlNode, table: FieldTable): string[] {
  const found = new Map<string, Set<string>>();
  const faults: string[] = [];
  const walk = (node: XmlNode, outer: string): void => {
    const list = node.each === undefined ? outer : outer === '' ? node.each : `${outer}.${node.each}`;
    const allowed = table[list];
    if (allowed === undefined) return void faults.push(`there is no list "${list}" here`);
    const fields = found.get(list) ?? new Set<string>();
    found.set(list, fields);
    if (node.field !== undefined) {
      fields.add(node.field);
      if (![...allowed.required, ...(allowed.optional ?? [])].includes(node.field)) {
        faults.push(
          `there is no field "${node.field}" in ${list === '' ? 'the document' : `list "${list}"`}`,
        );
      }
    }
    for (const child of node.children ?? []) walk(child, list);
  };
  if (document.each !== undefined) return ['the document stands once: no "each"'];
  walk(document, '');
  for (const [list, { required }] of Object.entries(table)) {
    const missing = required.filter((field) => !found.get(list)?.has(field));
    if (!found.has(list)) faults.push(`list "${list}" is missing`);
    else if (missing.length > 0) {
      faults.push(`${missing.join(', ')} missing in ${list === '' ? 'the document' : `list "${list}"`}`);
    }
  }
  return faults;
}

function kindsOf({ kind, children = [] }: XmlNode): string[] {
  return [...(kind === undefined ? [] : [kind]), ...children.flatMap(kindsOf)];
}

const minutes = z.int().min(1).max(1_440);

/** The mapping file. Every fault names its place. */
export const mappingSchema = z.strictObject({
  meterData: z
    .strictObject({
      namespace: z.string().min(1),
      document: documentSchema(meterDataFields),
      measurementTypes: z.record(
        code,
        z.strictObject({ resource: xmlName, unit: code, intervalMinutes: z.array(minutes).min(1) }),
      ),
      resourceKinds: z.record(code, xmlName),
      units: z.array(z.strictObject({ from: code, to: code, powerOfTen: z.int().min(-12).max(12) })),
      estimated: code,
    })
    .superRefine(({ document, measurementTypes, resourceKinds }, context) => {
      const kinds = kindsOf(document);
      const used = [
        ...Object.entries(measurementTypes).map(([type, { resource }]) => [
          `measurementTypes.${type}.resource`,
          resource,
        ]),
        ...Object.entries(resourceKinds).map(([id, kind]) => [`resourceKinds.${id}`, kind]),
      ];
      for (const [place = '', kind = ''] of used) {
        if (kinds.includes(kind)) continue;
        context.addIssue({
          code: 'custom',
          path: place.split('.'),
          message: `no element of the document has the kind "${kind}"`,
        });
      }
    }),
  requestMeterData: z.strictObject({
    namespace: z.string().min(1),
    document: documentSchema(requestFields),
    all: code,
  }),
  batchStatus: z.strictObject({
    namespace: z.string().min(1),
    document: documentSchema(batchStatusFields),
    success: code,
    error: code,
  }),
  standardOutput: z.strictObject({
    namespace: z.string().min(1),
    roots: z.array(xmlName).min(1),
    batchId: z.array(xmlName).min(1),
    words: z.array(xmlName).min(1),
  }),
  soapActions: z.strictObject({ submit: z.string(), status: z.string(), retrieve: z.string() }),
});
