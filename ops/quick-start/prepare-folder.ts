import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { MdmaError } from '../../storage/model/errors.ts';
import { createStore } from '../../storage/open.ts';
import { loadConfig, parseConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { createCertificates } from './create-certificates.ts';
import { createQuickStartStore } from './create-store.ts';
import type { Places } from './places.ts';
import { choosePorts, type Ports, readPorts } from './ports.ts';
import { toSettings } from './settings.ts';

const note = `Made by the quick start of MDMA: test certificates, a store with sample data, logs.
Nothing in here is for production. Remove the folder to start over.
`;

/**
 * Makes the folder of the quick start, or finds the one of an earlier start. The configuration is written last: a
 * folder without it was left unfinished and is made anew.
 *
 * @throws `conflict` when something else has that name, or a port of an earlier start is in use
 */
export async function prepareFolder(
  places: Places,
  context: Context,
): Promise<{ ports: Ports; isNew: boolean }> {
  if (await isThere(places.configFile)) {
    const { storage } = await loadConfig(places.configFile, places.folder);
    // The earlier start may have been of an older program.
    await createStore(storage, context.clock);
    return { ports: await readPorts(places.portsFile), isNew: false };
  }
  if (await isThere(places.folder)) {
    if (!(await isThere(places.noteFile))) {
      const found = 'it exists and was not made by the quick start';
      throw new MdmaError('conflict', `Cannot use ${places.folder}: ${found}; choose another with --folder`);
    }
    await rm(places.folder, { recursive: true });
  }
  await mkdir(places.folder, { mode: 0o700, recursive: true });
  await writeFile(places.noteFile, note);
  for (const folder of [places.logsFolder, places.samplesFolder]) await mkdir(folder);
  const ports = await choosePorts(places.portsFile);
  await createCertificates(places, context);
  const text = `# ${note.replace('\n', '\n# ').trimEnd()}\n${stringify(toSettings(places, ports))}`;
  const { storage } = parseConfig(text, places.configFile);
  await createQuickStartStore(places, storage, context.clock);
  const unfinished = `${places.configFile}.unfinished`;
  await writeFile(unfinished, text, { flush: true });
  await rename(unfinished, places.configFile);
  return { ports, isNew: true };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
