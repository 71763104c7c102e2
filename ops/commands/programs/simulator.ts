import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { stopWithStdin, untilStdinEndsOption, untilStopped } from './until-stopped.ts';

interface OmarOptions {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly port: number;
  readonly controlPort: number;
  readonly state?: string;
  readonly stepMs: number;
  readonly untilStdinEnds?: boolean;
}

/** `simulator omar`: the ISO's side, on this machine. */
export function addSimulatorCommand(program: Command, context: Context): void {
  const simulator = program
    .command('simulator')
    .description("the ISO's systems, simulated on this machine: omar");
  simulator
    .command('omar')
    .description('run a simulator of OMAR-Online on loopback, until SIGTERM or Ctrl-C')
    .requiredOption('--certificate <file>', "the simulator's own certificate (PEM)")
    .requiredOption('--key <file>', 'its key (PEM)')
    .requiredOption('--authority <file>', 'authority that client certificates must be from (PEM)')
    .option('--port <number>', 'HTTPS port', parseCount, 9443)
    .option(
      '--control-port <number>',
      'HTTP port that shows what it holds and takes faults',
      parseCount,
      9480,
    )
    .option('--state <file>', 'where it keeps what it holds; in memory only when left out')
    .option('--step-ms <number>', 'how long a file stays in each status before its last', parseCount, 60_000)
    .addOption(untilStdinEndsOption())
    .addHelpText(
      'after',
      `
What it holds:      curl http://127.0.0.1:9480/holdings
Make an answer get lost, once:
  curl http://127.0.0.1:9480/faults -H 'content-type: application/json' \\
    -d '{"fault":"cut-after-accept","kind":"upload","times":1}'`,
    )
    .action((options: OmarOptions) => runOmar(options, context));
}

async function runOmar(options: OmarOptions, context: Context): Promise<void> {
  const at = (file: string) => path.resolve(context.cwd, file);
  const { stepMs } = options;
  const { createOmarSimulator } = await import('../../../bridge/simulator/omar.ts');
  const simulator = createOmarSimulator({
    certificatePem: await readFile(at(options.certificate)),
    keyPem: await readFile(at(options.key)),
    clientAuthorityPem: await readFile(at(options.authority)),
    port: options.port,
    controlPort: options.controlPort,
    clock: context.clock,
    delays: { uploadingMs: stepMs, uploadCompleteMs: stepMs, runningValidationMs: stepMs },
    ...(options.state === undefined ? {} : { stateFile: at(options.state) }),
  });
  stopWithStdin(options);
  const stopped = untilStopped();
  await simulator.listen();
  const ready = { ready: true, url: simulator.url, controlUrl: simulator.controlUrl };
  context.stdout.write(`${JSON.stringify(ready)}\n`);
  await stopped;
  await simulator.close();
}
