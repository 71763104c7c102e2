import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { checkFiles } from '../../ops/check-files.ts';
import { configSchema, loadConfig, parseConfig } from '../../ops/config.ts';
import { MdmaError } from '../../storage/model/errors.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const exampleFile = path.resolve('ops/config/mdma.example.yaml');
const example = readFileSync(exampleFile, 'utf8');

/** The example with every setting that is commented out taken in. */
const complete = example.replaceAll(/^( *)# ( *-? ?[a-zA-Z]+:(?: .*)?)$/gm, '$1$2');

describe('the production example', () => {
  test('is a configuration', async () => {
    const config = await loadConfig(exampleFile, '/');
    expect(config.server?.listen).toEqual({ host: '0.0.0.0', port: 8443 });
  });

  test('shows the true defaults', () => {
    const { client: _client, ...shown } = parseConfig(complete, 'complete');
    const { client: _none, ...effective } = parseConfig(example, 'example');
    const [omar, mris, ...others] = shown.iso?.accounts ?? [];
    for (const account of [omar, mris]) {
      for (const key of ['url', 'authorityFile', 'mappingFile', 'username', 'resources'] as const) {
        Reflect.deleteProperty(account ?? {}, key);
      }
    }
    Reflect.deleteProperty(shown.clock, 'server');
    for (const key of ['observe', 'download']) Reflect.deleteProperty(shown.bridge, key);
    expect(others).toEqual([]);
    expect({ ...shown, iso: { accounts: [omar] } }).toEqual(effective);
    const { name, scId, environment, way, certificate } = mris ?? {};
    const required = { accounts: [{ name, scId, environment, way, certificate }] };
    expect([mris]).toEqual(isoConfigSchema.parse(required).accounts);
  });

  test('names every setting that there is', () => {
    const shown = parse(complete);
    const missing = listSettings(configSchema).filter((steps) => !isShown(shown, steps));
    expect(missing.map((steps) => steps.join('.'))).toEqual([]);
    expect(listSettings(configSchema).length).toBeGreaterThan(50);
  });
});

describe('a wrong configuration', () => {
  let raw: Record<string, Record<string, unknown>>;
  beforeEach(() => {
    raw = parse(example);
  });

  test('is refused with all its faults: place, line, value, expectation', () => {
    Object.assign(raw.storage ?? {}, { filesFolder: 'files', balastBytes: 5 });
    Object.assign(raw.server ?? {}, { stopTimeoutMs: '30s', support: [], certificateFile: undefined });
    Object.assign(raw.server?.listen ?? {}, { port: 70_000 });
    const { faults } = refusal(stringify(raw));
    expect(faults.map(({ at }) => at.replace(/ \(line \d+\)$/, '')).toSorted()).toEqual([
      'server.certificateFile',
      'server.listen.port',
      'server.stopTimeoutMs',
      'server.support',
      'storage.balastBytes',
      'storage.filesFolder',
    ]);
    const find = (name: string) => faults.find(({ at }) => at.startsWith(name));
    expect(find('server.stopTimeoutMs')).toMatchObject({
      value: '30s',
      expected: 'a number of milliseconds',
    });
    expect(find('server.stopTimeoutMs')?.at).toMatch(/\(line \d+\)$/);
    expect(find('server.listen.port')).toMatchObject({
      value: '70000',
      expected: 'a number of at most 65535',
    });
    expect(find('server.certificateFile')).toMatchObject({ value: '(nothing)' });
    expect(find('storage.filesFolder')).toMatchObject({ value: 'files', expected: 'an absolute path' });
    const typo = find('storage.balastBytes');
    expect(typo?.expected).toBe('one of databaseFile, filesFolder, archiveFolder, ballastBytes');
    expect(typo?.at).toMatch(/\(line \d+\)$/);
  });

  test('that would let posts into the room kept for records is refused', () => {
    Object.assign(raw.server ?? {}, {
      limits: { ...(raw.server?.limits as object), reserveBytes: 1_000_000 },
    });
    const [fault] = refusal(stringify(raw)).faults;
    expect(fault).toMatchObject({
      value: '1000000',
      expected: expect.stringContaining('storage.ballastBytes'),
    });
  });

  test.each([
    ['is the folder of the files', '/var/lib/mdma/files/'],
    ['lies in it', '/var/lib/mdma/files/archive'],
    ['holds it', '/var/lib/mdma/other/..'],
  ])('whose archive %s is refused: to move a file there would remove it', (_what, archiveFolder) => {
    Object.assign(raw.storage ?? {}, { filesFolder: '/var/lib/mdma/files', archiveFolder });
    expect(refusal(stringify(raw)).faults).toMatchObject([
      { at: expect.stringMatching(/^storage\.archiveFolder \(line \d+\)$/), value: archiveFolder },
    ]);
  });

  test('never shows what may be a secret in the wrong place', () => {
    const [account] = (raw.iso?.accounts ?? []) as Record<string, unknown>[];
    expect(account).toBeDefined();
    Object.assign(account ?? {}, { passphrase: 'hunter2' });
    Object.assign(account?.certificate ?? {}, { passphrase: 'hunter2' });
    const { faults, message } = refusal(stringify(raw));
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify([faults, message])).not.toContain('hunter2');
  });

  test.each([
    ['that is not YAML', 'storage: [', /line 1/],
    ['with the same setting twice', 'storage: {}\nstorage: {}\n', /line 2/],
    ['that is empty', '', /^the file \(nothing\)$/],
  ])('%s is refused with its place', (_what, text, place) => {
    expect(
      refusal(text)
        .faults.map(({ at, value }) => `${at} ${value}`)
        .join(),
    ).toMatch(place);
  });

  test('that is not there is named', async () => {
    const folder = makeTemporaryFolder();
    await expect(loadConfig(undefined, folder)).rejects.toThrow(
      `Cannot read configuration ${folder}/mdma.yaml: there is no such file; name one with --config FILE`,
    );
    await expect(loadConfig('other.yaml', folder)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

describe('checkFiles', () => {
  test('names every file that a program needs and cannot read, at once', async () => {
    const folder = makeTemporaryFolder();
    const certificateFile = path.join(folder, 'there.crt');
    writeFileSync(certificateFile, '');
    const iso = { accounts: [{ certificate: { certificateFile, keyFile: path.join(folder, 'gone.key') } }] };
    const server = { certificateFile, clientAuthorityFiles: [certificateFile, folder] };
    await expect(checkFiles({ iso, server })).rejects.toMatchObject({
      code: 'invalid-request',
      faults: [
        { at: 'iso.accounts[0].certificate.keyFile', value: `${folder}/gone.key (not there)` },
        { at: 'server.clientAuthorityFiles[1]', value: `${folder} (not a file)` },
      ],
    });
    await expect(checkFiles({ server: { certificateFile } })).resolves.toBeUndefined();
  });
});

function refusal(text: string): MdmaError {
  try {
    parseConfig(text, 'test.yaml');
  } catch (error) {
    if (error instanceof MdmaError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly discriminator?: string;
  readonly options?: readonly z.core.$ZodType[];
}

/**
 * The places of all settings. A list stands for its first element, or for one of each kind where its elements have
 * kinds; other alternatives stand for themselves.
 */
function listSettings(schema: z.core.$ZodType, steps: readonly string[] = []): string[][] {
  const { shape, innerType, element } = schema._zod.def as Definition;
  if (innerType !== undefined) return listSettings(innerType, steps);
  if (element !== undefined) {
    const { discriminator, options = [] } = element._zod.def as Definition;
    const kinds = discriminator === undefined ? [element] : options;
    return kinds.flatMap((kind, index) => listSettings(kind, [...steps, String(index)]));
  }
  if (shape === undefined) return [[...steps]];
  return Object.entries(shape).flatMap(([name, inner]) => listSettings(inner, [...steps, name]));
}

function isShown(value: unknown, steps: readonly string[]): boolean {
  const reached = steps.reduce<unknown>(
    (at, step) => (at === undefined ? at : Reflect.get(Object(at), step)),
    value,
  );
  return reached !== undefined;
}
