import { InvalidArgumentError, Option } from 'commander';

/** `--reason`, without which nothing is done that stays on record as somebody's act. */
export function reasonOption(): Option {
  return new Option('--reason <text>', 'why; goes on record with who you are')
    .argParser(parseReason)
    .makeOptionMandatory();
}

/** As the server takes it. */
function parseReason(text: string): string {
  if (/^\P{Cc}{1,500}$/u.test(text) && text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected 1 to 500 characters on one line.');
}
