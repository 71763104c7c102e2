/**
 * Why a file was reposted: every reason that BRO 6 ("Exception Processing") names, as one closed table. The keys
 * travel in requests, listings and rows; the words are for people.
 */
export const reasonCodes = {
  'gap-fill': 'posted with gaps between billing cycles, now filled',
  'estimate-replaced': 'estimated data replaced by actual reads',
  'crossed-meters': "one customer's usage was registered on another's meter",
  'cut-in-flat': 'service was taken without a meter',
  'meter-not-registering': 'the meter did not register',
  'fast-meter': 'the meter registered fast',
  'slow-meter': 'the meter registered slow',
  'dropped-phase': 'the meter dropped one or more phases',
  'fixed-usage': 'fixed usage was established wrongly',
  unmetered: 'unmetered usage was billed wrongly',
  misread: 'the meter was over-read or under-read',
  'wrong-multiplier': 'a wrong multiplier was applied',
  'data-lost': 'the data was lost or not picked up',
  verified: 'validated again, without change',
  'dates-changed': 'a start or stop date changed',
} as const;

export type ReasonCode = keyof typeof reasonCodes;

export const reasonCodeNames = Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]];
