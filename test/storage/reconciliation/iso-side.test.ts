import { describe, expect, test } from 'vitest';
import type { ListedForwarding, Part } from '../../../storage/ports/forwardings.ts';
import { createIsoSide } from '../../../storage/reconciliation/iso-side.ts';

const series = { resourceId: 'R_1', measurementType: 'LOAD', isoUnit: 'KWH' };
const reading = { endAt: 3_600_000, value: '1.0', isEstimated: false };

/** What is told of one interval that was sent and accepted as `reading`, of which the ISO shows some readings. */
function judge(...held: readonly Partial<typeof reading>[]) {
  const side = createIsoSide({ isWanted: () => true, updatedSinceAt: undefined, mdefAccounts: new Set() });
  const part = { id: 1, extension: 'csv', submissions: [{ id: 1, state: 'accepted' }] } as unknown as Part;
  const forwarding = { account: 'sc-one', way: 'omar' } as ListedForwarding;
  side.addSent({ forwarding, part }, series, reading);
  for (const each of held) side.addHeld('sc-one', 'omar', { ...series, ...reading, ...each });
  return side.judge({ forwarding, part }, series, reading.endAt);
}

describe('an interval that the ISO shows more than once', () => {
  test('is held when both say the same, however they are written', () => {
    expect(judge({ value: '1.0' }, { value: '1.000' })).toEqual({ fate: 'held', words: '' });
    expect(judge({ value: '1.000' }, { value: '1' })).toEqual({ fate: 'held', words: '' });
  });

  test.each([
    ['values', { value: '2' }, '1.0 KWH and 2 KWH'],
    ['flags', { isEstimated: true }, '1.0 KWH and 1.0 KWH (estimated)'],
  ])('is different by its %s, whichever comes last', (_, other, both) => {
    expect(judge({}, other)).toEqual({
      fate: 'different',
      words: `the ISO holds ${both}, sent was 1.0 KWH`,
    });
    expect(judge(other, {})?.fate).toBe('different');
  });

  test('is told with the first that differs, however many there are', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({ value: String(at + 1) }));
    expect(judge(...many)?.words).toBe('the ISO holds 1 KWH and 2 KWH, sent was 1.0 KWH');
  });
});
