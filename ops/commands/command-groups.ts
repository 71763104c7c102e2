import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addCertificateCommand } from './accounts/certificate.ts';
import { addKeyCommand } from './accounts/key.ts';
import { addMailboxCommand } from './accounts/mailbox.ts';
import { addParticipantCommand } from './accounts/participant.ts';
import { addConvertCommand } from './formats/convert.ts';
import { addInspectCommand } from './formats/inspect.ts';
import { addPostCommand } from './postings/post.ts';
import { addPostingsCommand } from './postings/postings.ts';
import { addReconcileCommand } from './postings/reconcile.ts';
import { addStopsCommand } from './postings/stops.ts';
import { addSubmissionsCommand } from './postings/submissions.ts';
import { addBridgeCommand } from './programs/bridge.ts';
import { addQuickStartCommand } from './programs/quick-start.ts';
import { addServerCommand } from './programs/server.ts';
import { addSimulatorCommand } from './programs/simulator.ts';
import { addResourceCommand } from './resources/resource.ts';
import { addBackupCommand } from './store/backup.ts';
import { addCheckCommand } from './store/check.ts';
import { addClockCommand } from './store/clock.ts';
import { addInitCommand } from './store/init.ts';
import { addRestoreCommand } from './store/restore.ts';
import { addRetentionCommand } from './store/retention.ts';

type AddCommand = (program: Command, context: Context) => void;

export type CommandGroups = Readonly<Record<string, readonly AddCommand[]>>;

/** The command line in the order of its help. */
export const commandGroups: CommandGroups = {
  'Programs:': [addQuickStartCommand, addServerCommand, addBridgeCommand, addSimulatorCommand],
  'Accounts:': [
    addParticipantCommand,
    addCertificateCommand,
    addKeyCommand,
    addMailboxCommand,
    addResourceCommand,
  ],
  'Postings:': [
    addPostCommand,
    addPostingsCommand,
    addSubmissionsCommand,
    addStopsCommand,
    addReconcileCommand,
  ],
  'Files:': [addInspectCommand, addConvertCommand],
  'Store:': [
    addInitCommand,
    addCheckCommand,
    addBackupCommand,
    addRestoreCommand,
    addRetentionCommand,
    addClockCommand,
  ],
};
