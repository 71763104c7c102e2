import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MdmaError } from '../../storage/model/errors.ts';
import { createHttpsCaller, type HttpsCaller } from '../client/https-caller.ts';
import type { Context } from '../context.ts';
import { type ClientName, clients } from './cast.ts';
import { toPathsOf } from './create-certificates.ts';
import { createSample } from './create-sample.ts';
import { toFarewell } from './farewell.ts';
import { doMainJob } from './main-job.ts';
import { type Places, toPlaces } from './places.ts';
import type { Ports } from './ports.ts';
import { prepareFolder } from './prepare-folder.ts';
import { type RunningProgram, startProgram } from './programs.ts';
import { simulatorStepMs } from './settings.ts';
import { createStory, type Story } from './story.ts';

export interface QuickStartOptions {
  readonly folder: string;
  /** End after the main job instead of staying up. */
  readonly isOnce: boolean;
  readonly context: Context;
  /** Aborted when everything is to stop. */
  readonly signal: AbortSignal;
}

/**
 * Everything on this machine: folder, certificates, store, the three programs, and the main job once; stays up until
 * the signal.
 *
 * @throws when any of it fails; whatever was started has been stopped then
 */
export async function runQuickStart({ folder, isOnce, context, signal }: QuickStartOptions): Promise<void> {
  const places = toPlaces(folder);
  const story = createStory(context);
  story.text('MDMA quick start: everything on this machine, nothing in it is for production.\n');
  const { ports, isNew } = await prepareFolder(places, context);
  story.fact(
    'Folder',
    `${folder} (${isNew ? 'made now' : 'from an earlier start'}; remove it to start over)`,
  );
  const programs: RunningProgram[] = [];
  try {
    await startPrograms(places, ports, programs, story);
    const address = await doJob(places, ports, { context, story, signal });
    if (isOnce) story.text('\nDone: every step came out as it must.');
    else {
      story.text(toFarewell(places, ports, address));
      await untilEnded(programs, signal);
    }
  } finally {
    if (signal.aborted) story.text('\nStopping.');
    for (const program of programs.toReversed()) await program.stop();
  }
}

/** The server stops last but one, the simulator last, so that the bridge can end its step. */
async function startPrograms(
  places: Places,
  ports: Ports,
  programs: RunningProgram[],
  story: Story,
): Promise<void> {
  const start = async (name: string, ...args: string[]) => {
    programs.push(await startProgram(name, args, places.logsFolder));
  };
  const { certificatePath, keyPath } = toPathsOf(places, 'simulator');
  const files = ['--certificate', certificatePath, '--key', keyPath, '--state', places.simulatorStateFile];
  const authority = ['--authority', toPathsOf(places, 'authority').certificatePath];
  const listen = ['--port', String(ports.simulator), '--control-port', String(ports.control)];
  const step = ['--step-ms', String(simulatorStepMs)];
  await start('simulator', 'simulator', 'omar', ...files, ...authority, ...listen, ...step);
  await start('server', 'server', '--config', places.configFile);
  await start('bridge', 'bridge', '--config', places.configFile);
  story.fact('Server', `https://localhost:${ports.server}`);
  story.fact('OMAR-Online', `https://localhost:${ports.simulator} (a simulator)`);
  story.fact('Logs', places.logsFolder);
}

async function doJob(
  places: Places,
  ports: Ports,
  { context, story, signal }: { context: Context; story: Story; signal: AbortSignal },
): Promise<string> {
  const sample = createSample(context.clock.now());
  const file = path.join(places.samplesFolder, sample.name);
  await mkdir(places.samplesFolder, { recursive: true });
  await writeFile(file, sample.text);
  const callers = await openCallers(places, ports);
  try {
    const idempotencyKey = context.random(16).toString('hex');
    return await doMainJob({ callers, sample, file, idempotencyKey, story, signal });
  } finally {
    await Promise.all(Object.values(callers).map((caller) => caller.close()));
  }
}

async function openCallers(places: Places, ports: Ports): Promise<Readonly<Record<ClientName, HttpsCaller>>> {
  const authorityPem = await readFile(toPathsOf(places, 'authority').certificatePath, 'utf8');
  const entries = clients.map(async ({ name }) => {
    const { certificatePath, keyPath } = toPathsOf(places, name);
    const certificatePem = await readFile(certificatePath, 'utf8');
    const keyPem = await readFile(keyPath, 'utf8');
    const url = `https://localhost:${ports.server}`;
    return [name, createHttpsCaller({ url, authorityPem, certificatePem, keyPem })];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function untilEnded(programs: readonly RunningProgram[], signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await Promise.race([aborted, ...programs.map(({ ended }) => ended)]);
  if (signal.aborted) return;
  const ended = programs.find((program) => program.isEnded());
  throw new MdmaError(
    'unavailable',
    `The ${ended?.name} ended by itself; its last words are in ${ended?.logFile}`,
  );
}
