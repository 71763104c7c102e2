import type { CheckLevels } from '../../../../storage/formats/checks/check-levels.ts';
import { OutcomeCollector } from '../../../../storage/formats/x12/acknowledgement/outcome-collector.ts';
import { toAcknowledgement } from '../../../../storage/formats/x12/acknowledgement/to-acknowledgement.ts';
import { createUsageScanner } from '../../../../storage/formats/x12/usage/usage-scanner.ts';
import { now, toBytes } from '../scan.ts';

interface AcknowledgeInput {
  readonly takesWhole?: boolean;
  readonly controlNumber?: number;
  readonly levels?: CheckLevels;
}

/** The 997 for a file of 867. */
export function acknowledge(
  text: string,
  { takesWhole = false, controlNumber = 77, levels }: AcknowledgeInput = {},
): string {
  const observer = new OutcomeCollector();
  const checks = levels === undefined ? {} : { levels };
  const scanner = createUsageScanner({ profile: 'california', now, ...checks, observer });
  scanner.push(toBytes(text));
  const refusesAll = scanner.end().isRefused && takesWhole;
  const bytes = toAcknowledgement(observer, { now, controlNumber, refusesAll });
  return Buffer.from(bytes).toString('latin1');
}
