import { PassThrough, Writable } from 'node:stream';
import { koaBody } from 'koa-body';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerContext } from '../http/context.ts';
import { type Pace, watchPace } from '../http/read-body.ts';
import { validate } from '../http/validate.ts';
import { type Parameters, parametersSchema } from './parameters.ts';

/** Room for the fields of a form beside its file. */
const maxFieldBytes = 65_536;
const maxFields = 600;
/** Everything of a form but its file: fields, the headers of their parts, what stands between them. */
const maxAroundFileBytes = 4 * maxFieldBytes;

export interface PostForm {
  /** The field `idempotency-key`, which a page puts there so that a form sent twice posts once. */
  readonly key: string | undefined;
  readonly parameters: Parameters;
  /** The file's bytes; ends only when the whole form was read and found right. */
  readonly body: AsyncIterable<Uint8Array>;
}

type Fields = Record<string, string | string[]>;

/**
 * Reads a form (multipart/form-data) whose fields come first and whose file comes last, and hands the file over while
 * it arrives: nothing of it is put aside on a disk, so nothing can be left behind there.
 *
 * @param take called once, when the file begins; the form is answered when it resolves
 * @throws `invalid-request` when it is not such a form, `too-large`, `request-timeout`, and what `take` throws
 */
export async function parseForm(
  ctx: ServerContext,
  deps: { limits: { maxBytes: number }; pace: Pace },
  take: (form: PostForm) => Promise<void>,
): Promise<void> {
  const fields: Fields = Object.create(null);
  const whole = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  let isFileBegun = false;
  let fileName = '';
  let fault: MdmaError | undefined;
  let aroundBytes = 0;

  const beginFile = (): Writable => {
    if (isFileBegun) {
      fault = new MdmaError('invalid-request', 'Cannot post: the form has more than one file');
      return new Writable({ write: (_chunk, _encoding, done) => done() });
    }
    isFileBegun = true;
    const file = new PassThrough();
    takeFile({ name: fileName, ...fields }, file, whole.promise, take).then(taken.resolve, taken.reject);
    return file;
  };
  const parse = koaBody({
    multipart: true,
    json: false,
    text: false,
    urlencoded: false,
    formidable: {
      maxFields,
      maxFieldsSize: maxFieldBytes,
      maxFileSize: deps.limits.maxBytes,
      minFileSize: 0,
      allowEmptyFiles: true,
      fileWriteStreamHandler: beginFile,
      onPart(part, handle) {
        if (part.mimetype !== null) {
          fileName = part.originalFilename ?? '';
          part.on('data', (chunk: Buffer) => {
            aroundBytes -= chunk.length;
          });
        } else {
          if (isFileBegun)
            fault = new MdmaError('invalid-request', 'Cannot post: the file must come last in the form');
          collectField(fields, part);
        }
        handle(part);
      },
    },
  });

  const refused = Promise.withResolvers<never>();
  const stopWatching = watchPace(ctx.req, deps.pace, () => !ctx.req.isPaused(), refused.reject);
  const countAround = (chunk: Buffer) => {
    aroundBytes += chunk.length;
    if (aroundBytes <= maxAroundFileBytes) return;
    // The parser, which gathers the headers of a part however long they are, hears no more of it.
    ctx.req.removeAllListeners('data').resume();
    refused.reject(
      new MdmaError(
        'too-large',
        `Cannot post: the form has more than ${maxAroundFileBytes} bytes beside its file`,
      ),
    );
  };
  // The parser begins the flow; a listener of ours before that would begin it too early.
  ctx.req.once('resume', () => ctx.req.on('data', countAround));
  const parsed = parse(ctx, async () => {
    fault ??= isFileBegun ? undefined : new MdmaError('invalid-request', 'Cannot post: the form has no file');
    if (fault !== undefined) throw fault;
  });
  parsed.then(whole.resolve, whole.reject);
  // Who waits for it, if anybody, hears of it there.
  whole.promise.catch(() => undefined);
  try {
    await Promise.race([refused.promise, Promise.all([parsed, taken.promise])]);
  } catch (error) {
    throw toRefusal(error, deps.limits.maxBytes);
  } finally {
    stopWatching();
  }
}

async function takeFile(
  fields: Fields,
  file: PassThrough,
  whole: Promise<void>,
  take: (form: PostForm) => Promise<void>,
): Promise<void> {
  try {
    const { 'idempotency-key': key, ...rest } = fields;
    const parameters = validate(parametersSchema, rest, 'Cannot post');
    await take({ key: key === undefined ? undefined : String(key), parameters, body: toBody(file, whole) });
  } finally {
    file.destroy();
  }
}

async function* toBody(file: PassThrough, whole: Promise<void>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* file;
  } catch (error) {
    // The parser ends the file's stream without a word when the form is broken; what is wrong is said there.
    await whole;
    throw error;
  }
  await whole;
}

/** Pages send every field, also those left empty. */
function collectField(fields: Fields, part: NodeJS.EventEmitter & { name: string | null }): void {
  const chunks: Buffer[] = [];
  part.on('data', (chunk: Buffer) => chunks.push(chunk));
  part.once('end', () => {
    const name = part.name ?? '';
    const value = Buffer.concat(chunks).toString('utf8');
    const before = fields[name];
    if (value === '') return;
    if (before === undefined) fields[name] = value;
    else fields[name] = Array.isArray(before) ? [...before, value] : [before, value];
  });
}

/** The parser's own errors are the form's fault; they carry a status, though not always the right one. */
function toRefusal(error: unknown, maxBytes: number): unknown {
  if (!(error instanceof Error) || !('httpCode' in error)) return error;
  if (error.httpCode === 413) {
    return new MdmaError(
      'too-large',
      `Cannot post: the file is larger than ${maxBytes} bytes, or the fields too long`,
      {
        cause: error,
        members: { maxBytes },
      },
    );
  }
  return new MdmaError('invalid-request', 'Cannot post: the form cannot be read', { cause: error });
}
