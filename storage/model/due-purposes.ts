/**
 * Purposes whose readings are due to the ISO (ruling 24): original data, totals calculated from it, and corrections;
 * never history, templates or what was sent again.
 */
export const duePurposes = ['OK', 'SUMMARY', 'CORRECT'] as const;

export function isDuePurpose(purpose: string): boolean {
  return duePurposes.some((due) => due === purpose.toUpperCase());
}
