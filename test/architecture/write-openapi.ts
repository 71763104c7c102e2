import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endpoints } from '../../server/endpoints.ts';
import { createOpenApi } from '../../server/openapi/document.ts';

/** Where the description of the HTTP interface is kept for readers and for tools; a test compares it. */
export const openApiFile = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** The description as it goes out. */
export function toCurrentOpenApi(): unknown {
  return JSON.parse(JSON.stringify(createOpenApi(endpoints, '3.1.0')));
}

if (import.meta.main) {
  writeFileSync(openApiFile, JSON.stringify(toCurrentOpenApi(), null, 2));
  const biome = fileURLToPath(new URL('../../node_modules/.bin/biome', import.meta.url));
  execFileSync(biome, ['format', '--write', openApiFile], { stdio: 'inherit' });
}
