import type Router from '@koa/router';
import { z } from 'zod';
import type { ServerState } from '../http/context.ts';
import { addEndpoint, type Endpoint } from '../http/endpoint.ts';
import { nothing } from '../http/fields.ts';
import { createOpenApi } from './document.ts';

const content = { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } };

export const openApiEndpoint = {
  method: 'get',
  path: '/openapi.json',
  summary: 'describe interface',
  roles: 'anyone',
  params: nothing,
  query: nothing,
  answers: { 200: { description: 'This document, OpenAPI 3.1', content } },
  problems: ['invalid-request'],
} as const satisfies Endpoint;

export const openApi30Endpoint = {
  ...openApiEndpoint,
  path: '/openapi-3.0.json',
  summary: 'describe interface in openapi 3.0',
  answers: { 200: { description: 'The same as OpenAPI 3.0', content } },
} as const satisfies Endpoint;

/** The description of all routes, for anyone: it says nothing about anybody. */
export function addOpenApi(router: Router<ServerState>, endpoints: readonly Endpoint[]): void {
  const document = JSON.stringify(createOpenApi(endpoints, '3.1.0'));
  const document30 = JSON.stringify(createOpenApi(endpoints, '3.0.3'));
  addEndpoint(router, openApiEndpoint, (ctx) => {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = document;
  });
  addEndpoint(router, openApi30Endpoint, (ctx) => {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = document30;
  });
}
