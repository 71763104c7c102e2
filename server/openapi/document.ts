import { OpenAPIRegistry, OpenApiGeneratorV3, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ErrorCode } from '../../storage/model/errors.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { problemKinds } from '../problem.ts';

const problemSchema = z
  .looseObject({
    type: z.string().meta({ example: 'urn:mdma:problem:not-found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The id of the request, to ask support with' }),
    faults: z
      .array(z.unknown())
      .optional()
      .meta({ description: 'Every value, or every place of a file, that is at fault' }),
    support: z.array(z.strictObject({ name: z.string(), contact: z.string() })),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });

const info = {
  title: 'MDMA mailbox server',
  version: '1',
  description:
    'Mailboxes of meter data over HTTPS. A client certificate that is registered or an API key says who you are. ' +
    'What is not yours answers as what is not there.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** Problems that any route may answer with, beside its own. */
const everywhere: readonly ErrorCode[] = ['invalid-request', 'unauthenticated', 'not-found', 'unavailable'];

/**
 * The description of these routes, generated from the very schemas that check their requests (API-1).
 *
 * @param version 3.1, or the 3.0 rendering for tools that ask for it (ruling 22)
 */
export function createOpenApi(endpoints: readonly Endpoint[], version: '3.1.0' | '3.0.3'): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'certificate', {
    type: 'mutualTLS',
    description: 'Registered client certificate',
  } as never);
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'API key, <id>.<secret>',
  });
  for (const endpoint of endpoints) {
    registry.registerPath({
      method: endpoint.method,
      path: endpoint.path,
      summary: endpoint.summary,
      operationId: endpoint.summary.replaceAll(/[^a-z]+/g, '-'),
      security: endpoint.roles === 'anyone' ? [] : [{ certificate: [] }, { key: [] }],
      request: {
        params: endpoint.params,
        query: endpoint.query,
        ...(endpoint.headers && { headers: endpoint.headers }),
        ...(endpoint.body && { body: { ...endpoint.body, required: true } }),
      },
      responses: { ...endpoint.answers, ...toProblems(endpoint) },
    });
  }
  if (version === '3.1.0')
    return new OpenApiGeneratorV31(registry.definitions).generateDocument({ openapi: version, info });
  const { identifier: _identifier, ...license } = info.license;
  return new OpenApiGeneratorV3(registry.definitions).generateDocument({
    openapi: version,
    info: { ...info, license },
  });
}

/** Several codes may share a status; their titles stand together. */
function toProblems({ roles, problems }: Endpoint) {
  const general = roles === 'anyone' ? [] : everywhere;
  const guarded: readonly ErrorCode[] =
    roles !== 'anyone' && !roles.includes('participant') ? ['not-allowed'] : [];
  const codes = [...new Set([...general, ...guarded, ...problems])];
  const content = { 'application/problem+json': { schema: problemSchema } };
  const answers: Record<number, { description: string; content: typeof content }> = {};
  for (const code of codes) {
    const { status, title } = problemKinds[code];
    const before = answers[status];
    answers[status] = {
      description: before ? `${before.description}; ${code}: ${title}` : `${code}: ${title}`,
      content,
    };
  }
  return answers;
}
