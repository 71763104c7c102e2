import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { bridgeConfigSchema } from '../bridge/config.ts';
import { isoConfigSchema } from '../bridge/iso-config.ts';
import { serverConfigSchema } from '../server/config.ts';
import { clockConfigSchema } from '../storage/clock/config.ts';
import { storageConfigSchema } from '../storage/config.ts';
import { MdmaError, type ValueFault } from '../storage/model/errors.ts';
import { clientConfigSchema } from './client/client-config.ts';
import { toExpectation, toFaults } from './config-fault.ts';

/** The one configuration file. Who runs only one of the programs leaves the other's section out. */
export const configSchema = z
  .strictObject({
    storage: storageConfigSchema,
    clock: clockConfigSchema.prefault({}),
    server: serverConfigSchema.optional(),
    bridge: bridgeConfigSchema.prefault({}),
    /** The ISO's accounts, for the bridge. */
    iso: isoConfigSchema.optional(),
    /** How `mdma post` reaches the server. */
    client: clientConfigSchema.optional(),
  })
  .refine(
    ({ storage, server }) => server === undefined || server.limits.reserveBytes >= storage.ballastBytes,
    {
      path: ['server', 'limits', 'reserveBytes'],
      error:
        'at least storage.ballastBytes: else the room that is given up for records would let posts fill the disk again',
    },
  );

export type Config = z.infer<typeof configSchema>;

/** The name that is looked for in the current folder when no file is named. */
const defaultConfigName = 'mdma.yaml';

/**
 * Reads and checks the configuration file.
 *
 * @param file the file, or undefined for `mdma.yaml` in `cwd`
 * @throws `invalid-request` with every fault at once, also when there is no such file
 */
export async function loadConfig(file: string | undefined, cwd: string): Promise<Config> {
  const place = path.resolve(cwd, file ?? defaultConfigName);
  let text: string;
  try {
    text = await readFile(place, 'utf8');
  } catch (cause) {
    const hint = file === undefined ? '; name one with --config FILE' : '';
    const found =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new MdmaError('invalid-request', `Cannot read configuration ${place}: ${found}${hint}`, { cause });
  }
  return parseConfig(text, place);
}

/**
 * The settings of a configuration file's text, with all defaults in place.
 *
 * @param place the file's name, for messages
 * @throws `invalid-request` with every fault at once: place with its line, value, expectation
 */
export function parseConfig(text: string, place: string): Config {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (document.errors.length > 0) {
    throw refuse(
      place,
      document.errors.map(({ message, linePos }) => ({
        at: `line ${linePos?.[0].line ?? 1}`,
        value: '(not YAML)',
        expected: message.split('\n')[0] ?? message,
      })),
    );
  }
  const raw: unknown = document.toJS();
  const parsed = configSchema.safeParse(raw, { error: toExpectation });
  if (parsed.success) return parsed.data;
  throw refuse(
    place,
    parsed.error.issues
      .flatMap((issue) => toFaults(issue, raw))
      .map(({ path: steps, ...fault }) => ({
        ...fault,
        at: `${fault.at}${toLine(document, lineCounter, steps)}`,
      })),
  );
}

/** On which line a setting stands; for one that is missing, the section it is missing from. */
function toLine(document: Document, lineCounter: LineCounter, path: readonly PropertyKey[]): string {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return ` (line ${lineCounter.linePos(node.range[0]).line})`;
  }
  return '';
}

/** A section that a program cannot do without. */
export function getSection<Name extends 'server' | 'iso' | 'client'>(
  config: Config,
  name: Name,
): NonNullable<Config[Name]> {
  const section = config[name];
  if (section === undefined) {
    const found = 'the section is missing from the configuration';
    throw new MdmaError('invalid-request', `Cannot use section "${name}:": ${found}`);
  }
  return section;
}

function refuse(place: string, faults: readonly ValueFault[]): MdmaError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new MdmaError('invalid-request', `Cannot use configuration ${place}: ${count}`, { faults });
}
