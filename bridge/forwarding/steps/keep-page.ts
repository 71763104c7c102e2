import { createHash } from 'node:crypto';
import { raise } from '../../../storage/model/alarms.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { WorkKind } from '../../../storage/model/forwarding.ts';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import { toFileKey } from '../../../storage/ports/file-store.ts';
import type { DurableFile } from '../../../storage/ports/postings.ts';
import type { UnrecognisedAnswer } from '../../https/unrecognised.ts';
import type { StepContext } from '../step-context.ts';

/** Keeps a page that was not recognised, stops the work of its kind for the account, and tells (invariant 10). */
export async function keepPage(
  context: Pick<StepContext, 'forwardings' | 'files' | 'clock' | 'newId' | 'log'>,
  account: string,
  { pageKind: kind, fingerprint, why, httpStatus, contentType, bytes }: UnrecognisedAnswer<WorkKind>,
): Promise<void> {
  const { forwardings, log } = context;
  const isKnown = await forwardings.stopAgain({ account, kind, fingerprint });
  if (!isKnown) {
    const file = await storeBytes(context, bytes);
    const head = { httpStatus, contentType };
    await removingUnrecorded(context, [file], () =>
      forwardings.keepPage({ account, kind, fingerprint, why: `HTTP ${httpStatus}: ${why}`, head, file }),
    );
  }
  raise(
    log,
    'error',
    'the ISO showed a page that is not recognised: work of this kind stops for the account until staff release it',
    { account, kind, fingerprint, why, httpStatus },
  );
}

/** Makes bytes durable in the file store, before any row tells of them (invariant 2). */
export async function storeBytes(
  { files, clock, newId }: Pick<StepContext, 'files' | 'clock' | 'newId'>,
  bytes: Uint8Array,
): Promise<DurableFile> {
  const key = toFileKey(clock.now(), newId());
  const writer = await files.create(key);
  try {
    await writer.write(bytes);
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return { key, sha256: parseSha256(createHash('sha256').update(bytes).digest('hex')), bytes: bytes.length };
}

/**
 * Puts on record what was made, and removes it again where that certainly failed: else each try would leave more of it on
 * a disk that is full already, until it is swept.
 */
export async function removingUnrecorded(
  { files }: Pick<StepContext, 'files'>,
  made: readonly DurableFile[],
  record: () => Promise<void>,
): Promise<void> {
  try {
    await record();
  } catch (error) {
    const isCertain = error instanceof MdmaError && /^(storage-full|conflict)$/.test(error.code);
    for (const { key } of isCertain ? made : []) await files.remove('on-line', key);
    throw error;
  }
}
