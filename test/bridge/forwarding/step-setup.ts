import { createOmarWay } from '../../../bridge/forwarding/omar/create-omar-way.ts';
import { runStep } from '../../../bridge/forwarding/run-step.ts';
import type { StepContext, StepResult, StepSettings } from '../../../bridge/forwarding/step-context.ts';
import type { OmarClient, OmarFile } from '../../../bridge/omar/outcomes.ts';
import { getOmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import type { Forwarding } from '../../../storage/ports/forwardings.ts';
import {
  account,
  type ForwardingSetup,
  setUpForwardings,
} from '../../storage/forwardings/forwarding-setup.ts';

export const settings: StepSettings = {
  marginMs: 100,
  recheckMs: 1_000,
  leaseMs: 45_000,
  uploadDeadlineMs: 20_000,
  quietMs: 30_000,
  sentinelWaitMs: 3_600_000,
  backoff: { firstMs: 5_000, maxMs: 900_000 },
  followDelaysMs: [60_000, 120_000],
  overdueMs: 7_200_000,
  attentionMs: 14_400_000,
  maxUploadErrors: 2,
  maxPartBytes: 499_999,
  csvLayout: getOmarCsvLayout('gmt'),
};

/** What the ISO answers; an answer that a test did not expect to be asked for fails it. */
type Answers = {
  -readonly [Name in 'upload' | 'status' | 'walk' | 'errors' | 'download']?: OmarClient[Name];
};

export interface StepSetup extends ForwardingSetup {
  /** Replaced by tests as they go on. */
  readonly answers: Answers;
  readonly stop: AbortController;
  /** What was told at level `error`. */
  readonly told: string[];
  /** Claims what is due now and makes its next step. */
  step(over?: Partial<StepContext>): Promise<StepResult>;
  find(id: number): Promise<Forwarding>;
  /** One pass-through forwarding with its part sent as file 528527; gives its id and name at the ISO. */
  sendOne(): Promise<{ id: number; isoName: string }>;
}

/**
 * Steps on a real catalogue and file store, the clock the test's, the ISO's answers scripted: for what a simulator that
 * keeps to the rules never says.
 */
export async function setUpSteps(): Promise<StepSetup> {
  const setup = await setUpForwardings();
  const { store, forwardings } = setup;
  const { clock, catalogue, files } = store;
  const answers: Answers = {};
  const stop = new AbortController();
  const told: string[] = [];
  const ask =
    (name: keyof Answers) =>
    async (...args: never[]): Promise<never> => {
      const answer = answers[name] as ((...args: never[]) => Promise<never>) | undefined;
      if (answer === undefined)
        throw new Error(`The ISO was asked for ${name}, which this test does not expect`);
      return answer(...args);
    };
  const client: OmarClient = {
    upload: ask('upload'),
    status: ask('status'),
    walk: ask('walk'),
    errors: ask('errors'),
    download: ask('download'),
    close: async () => undefined,
  };
  const context: StepContext = {
    forwardings,
    postings: catalogue.postings,
    resources: catalogue.resources,
    reconciliation: catalogue.reconciliation,
    accountPauses: catalogue.accountPauses,
    files,
    iso: createOmarWay(client),
    holds: () => true,
    clock,
    monotonicMs: () => clock.now(),
    random: () => 0,
    newId: () => store.newId(),
    wait: async (ms) => clock.advance(ms),
    signal: stop.signal,
    log: { info: () => undefined, warn: () => undefined, error: (_fields, words) => told.push(words) },
    settings,
    failures: 0,
  };
  const find = async (id: number) => {
    const found = await forwardings.findForwarding(id);
    if (found === undefined) throw new Error(`Cannot find forwarding ${id}`);
    return found;
  };
  const step = async (over: Partial<StepContext> = {}) => {
    const claimed = await forwardings.claimForwarding(account, 'omar', clock.now() + settings.leaseMs);
    if (claimed === undefined) throw new Error('Cannot make a step: nothing is due');
    return runStep({ ...context, ...over }, claimed);
  };
  return {
    ...setup,
    answers,
    stop,
    told,
    find,
    step,
    async sendOne() {
      await setup.post({ format: 'omar-csv', isoAccount: account });
      const { forwarding, part } = await setup.prepare();
      await forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt: clock.now() });
      let isoName = '';
      answers.upload = async (name) => {
        isoName = name;
        return { kind: 'received', fileId: '528527', savedAs: `528527_${name}`, bytes: part.file.bytes };
      };
      await step();
      return { id: forwarding.id, isoName };
    },
  };
}

/** A row of the ISO's list. */
export function toListed(file: Partial<OmarFile> & { fileId: string; name: string }): OmarFile {
  return { format: 'CSV', status: 'Running Validation', received: '', records: 1, ...file };
}
