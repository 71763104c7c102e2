import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { endpoints } from '../../../server/endpoints.ts';
import type { Content } from '../../../server/http/endpoint.ts';
import { createOpenApi } from '../../../server/openapi/document.ts';
import { openApiFile, toCurrentOpenApi } from '../../architecture/write-openapi.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of no type of ours
const document: any = createOpenApi(endpoints, '3.1.0');

test('docs/openapi.json is what the code says; "npm run openapi" writes it', () => {
  expect(JSON.parse(readFileSync(openApiFile, 'utf8'))).toEqual(toCurrentOpenApi());
});

test('every route has an id of its own and stands in the document', () => {
  const ids = endpoints.map(({ method, path }) => document.paths[path]?.[method]?.operationId);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(endpoints.length);
});

test('every reference leads somewhere', () => {
  const references = JSON.stringify(document).match(/"\$ref":"#\/components\/schemas\/[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) {
    const name = reference.slice(reference.lastIndexOf('/') + 1, -1);
    expect(document.components.schemas, name).toHaveProperty(name);
  }
});

describe('the 3.0 rendering', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of no type of ours
  const rendering: any = createOpenApi(endpoints, '3.0.3');

  test('has the same routes', () => {
    expect(rendering.openapi).toBe('3.0.3');
    expect(Object.keys(rendering.paths)).toEqual(Object.keys(document.paths));
  });

  test('says null in the way of 3.0', () => {
    const { corrects } = rendering.components.schemas.DailyFile.properties;
    expect(corrects).toMatchObject({ type: 'integer', nullable: true });
    expect(JSON.stringify(rendering)).not.toContain('"type":["');
  });
});

describe('every example is one', () => {
  const contents = endpoints.flatMap((endpoint): [string, Content][] => [
    ...Object.entries(endpoint.answers).map(([status, answer]): [string, Content] => [
      `${endpoint.method} ${endpoint.path} ${status}`,
      answer.content ?? {},
    ]),
    [`${endpoint.method} ${endpoint.path} body`, endpoint.body?.content ?? {}],
  ]);
  const examples = contents.flatMap(([what, content]) =>
    Object.entries(content).flatMap(([type, { schema, example }]): [string, z.ZodType, unknown][] =>
      example === undefined ? [] : [[`${what} ${type}`, schema, example]],
    ),
  );

  test.each(examples)('%s', (_what, schema, example) => {
    expect(schema.safeParse(example).error?.issues).toBeUndefined();
  });

  test('and every JSON answer has one', () => {
    expect(examples.length).toBeGreaterThan(15);
    const without = contents.filter(
      ([what, content]) => !what.includes('openapi') && content['application/json']?.example === undefined,
    );
    const bodiless = without.filter(([, content]) => 'application/json' in content).map(([what]) => what);
    expect(bodiless).toEqual([]);
  });
});
