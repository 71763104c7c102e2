import type { MrisClient, MrisTrouble } from './outcomes.ts';

/**
 * A client whose unrecognised answers are no riddle while the ISO has announced that it may be down: whatever stands
 * in the place of the application then says nothing. What was only asked is asked again later; a batch that was sent is
 * unknown, and is looked for as ever.
 *
 * @param isMaintenance whether it is announced for now
 */
export function excuseMaintenance(client: MrisClient, isMaintenance: () => boolean): MrisClient {
  function findWhy(answer: { readonly kind: string } | MrisTrouble): string | undefined {
    if (answer.kind !== 'unrecognised' || !('page' in answer) || !isMaintenance()) return undefined;
    return `not recognised, in the announced hours of maintenance: ${answer.page.why}`;
  }
  async function excuse<T extends { readonly kind: string }>(asked: Promise<T>) {
    const answer = await asked;
    const why = findWhy(answer);
    return why === undefined ? answer : ({ kind: 'unavailable', why } as const);
  }
  return {
    async submitMeterData(document, deadlineAt) {
      const answer = await client.submitMeterData(document, deadlineAt);
      const why = findWhy(answer);
      return why === undefined ? answer : { kind: 'unknown', why };
    },
    batchStatus: (batchId) => excuse(client.batchStatus(batchId)),
    retrieveMeterData: (request) => excuse(client.retrieveMeterData(request)),
    close: () => client.close(),
  };
}
