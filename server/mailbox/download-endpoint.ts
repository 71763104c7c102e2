import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { fileNameField, mailboxField, nothing } from '../http/fields.ts';

const bytes = { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } };

const headers = z.object({
  ETag: z.string().meta({ description: 'One a coding', example: '"<sha256>-zstd"' }),
  'Last-Modified': z.string().meta({ description: 'When it was posted' }),
  'Repr-Digest': z.string().meta({ description: 'SHA-256 of the representation sent (RFC 9530)' }),
});

export const downloadEndpoint = {
  method: 'get',
  path: '/mailboxes/{mailbox}/{name}',
  summary: 'retrieve file',
  roles: ['participant', 'staff', 'program'],
  params: z.strictObject({ mailbox: mailboxField, name: fileNameField }),
  query: nothing,
  headers: z.object({
    Range: z
      .string()
      .optional()
      .meta({ description: 'One range of identity, to resume', example: 'bytes=65536-' }),
    'If-Range': z.string().optional(),
    'If-None-Match': z.string().optional(),
    'If-Modified-Since': z.string().optional(),
    'If-Match': z.string().optional(),
    'If-Unmodified-Since': z.string().optional(),
    'Accept-Encoding': z
      .string()
      .optional()
      .meta({ description: 'gzip and zstd are sent if offered and kept' }),
  }),
  answers: {
    200: {
      description: 'The file. Sending it is put on record before its first byte.',
      headers,
      content: bytes,
    },
    206: { description: 'A range of it', headers, content: bytes },
    304: { description: 'You have it already' },
  },
  problems: ['not-found', 'gone', 'precondition-failed', 'range-not-satisfiable'],
} as const satisfies Endpoint;
