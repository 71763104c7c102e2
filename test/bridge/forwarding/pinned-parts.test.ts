import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toVariedCmep } from '../../storage/formats/omar-csv/varied-cmep.ts';
import { createBridgeWorld, type MapInput } from '../../support/bridge-world.ts';

/** Some in MWH or turned, some that become another resource on the day of 25 hours, some that share a resource. */
function toMappings(text: string): MapInput[] {
  const meters = [...new Set([...text.matchAll(/,(M\d+),OK,/g)].map(([, meter]) => meter as string))];
  return meters.flatMap((meter, index): MapInput[] => {
    const isSharing = index % 10 === 7;
    const kwh = {
      meter,
      resourceId: isSharing ? `R_${meters[index - 1]}` : `R_${meter}`,
      measurementType: isSharing ? 'GEN' : 'LOAD',
      isoUnit: index % 4 === 0 ? 'MWH' : 'KWH',
    };
    const isMoving = index % 3 === 0;
    const day = '2025-11-02';
    return [
      { ...kwh, effectiveTo: isMoving ? day : null },
      ...(isMoving ? [{ ...kwh, resourceId: `S_${meter}`, effectiveFrom: day }] : []),
      { meter, resourceId: `R_${meter}`, unit: 'GKVARH', measurementType: 'GEN' },
      { meter, resourceId: `G_${meter}`, unit: 'GKWH', measurementType: 'GEN' },
      { meter, unit: 'KVARH', direction: index % 6 === 0 ? 'received' : 'delivered' },
    ];
  });
}

test('the same posting gives the same parts as ever', async () => {
  const text = toVariedCmep(60, false);
  const world = await createBridgeWorld();
  await world.map(toMappings(text));
  await world.post(Buffer.from(text, 'latin1'));
  await world.runBridge({ maxPartBytes: 100_000 });
  await world.waitUntilAll(({ state }) => state !== 'due');
  const [forwarding] = await world.listForwardings();
  const found = await world.store.catalogue.forwardings.findForwarding(forwarding?.id ?? 0);
  const body = found?.history.find(({ kind }) => kind === 'prepared')?.body;
  const { left, parts } = body as { left: object; parts: readonly object[] };
  // biome-ignore format: one line
  expect(left).toEqual({ flagsDropped: 3427, missing: 3679, negative: 1882, raw: 3709, rounded: 6190, unmapped: 6204 });
  expect(parts).toHaveLength(15);
  // Number, records, bytes and SHA-256 of each.
  expect(createHash('sha256').update(JSON.stringify(parts)).digest('hex')).toBe(
    '08d22ee2286b2eae0390cace8595fe312da01ecee682bb66e3f0f2629d81d053',
  );
});
