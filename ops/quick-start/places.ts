import path from 'node:path';

/** Where everything of a quick start lies; all of it in one folder that can be removed as a whole. */
export interface Places {
  readonly folder: string;
  /** Written first: says that the folder is ours to remove when it was not finished. */
  readonly noteFile: string;
  /** Written last: with it the folder is complete. */
  readonly configFile: string;
  readonly portsFile: string;
  readonly certificatesFolder: string;
  readonly passphraseFile: string;
  readonly dataFolder: string;
  readonly logsFolder: string;
  readonly samplesFolder: string;
  /** What the simulator of OMAR-Online has received. */
  readonly simulatorStateFile: string;
}

export function toPlaces(folder: string): Places {
  const at = (...steps: string[]) => path.join(folder, ...steps);
  return {
    folder,
    noteFile: at('README.txt'),
    configFile: at('mdma.yaml'),
    portsFile: at('ports.json'),
    certificatesFolder: at('certificates'),
    passphraseFile: at('certificates', 'passphrase.txt'),
    dataFolder: at('data'),
    logsFolder: at('logs'),
    samplesFolder: at('samples'),
    simulatorStateFile: at('data', 'simulator.json'),
  };
}
