import type { Command } from 'commander';
import { parseTransaction } from '../../../storage/model/transaction.ts';
import type { Context } from '../../context.ts';
import { asOption } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { reasonOption } from '../../reason-option.ts';
import { withStore } from '../../with-store.ts';

const acts = [
  {
    verb: 'hold',
    isHeld: true,
    what: 'keep the bytes of a posting beyond their 36 months, until released',
    now: 'its bytes are not deleted',
    why: 'the account is before the CPUC',
  },
  {
    verb: 'release',
    isHeld: false,
    what: 'let a held posting age again',
    now: 'its bytes go when their time is over',
    why: 'the case was closed',
  },
] as const;

/** `retention hold|release`: a hold stops deletion, and nothing else (MBX-5). */
export function addRetentionHolds(retention: Command, context: Context): void {
  for (const { verb, isHeld, what, now, why } of acts) {
    retention
      .command(verb)
      .description(what)
      .argument('<transaction>', 'of the posting', asOption(parseTransaction))
      .addOption(reasonOption())
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  mdma retention ${verb} 1042 --reason "${why}"`)
      .action((transaction, options: { reason: string; json?: boolean }, command: Command) =>
        withStore(context, command, async ({ catalogue }) => {
          await catalogue.retention.setFileHold(transaction, isHeld, context.startedBy, options.reason);
          const text = `Transaction ${transaction}: ${verb} is on record; ${now}.\n`;
          print(context, options, { transaction, isHeld }, text);
        }),
      );
  }
}
