import type { Context } from '../context.ts';

/** What a person reads while the quick start works. */
export interface Story {
  /** A line that says where something is. */
  fact(name: string, value: string): void;
  /** A numbered step that was done, with what came of it. */
  step(title: string, ...details: string[]): void;
  text(text: string): void;
}

export function createStory(context: Context): Story {
  let steps = 0;
  const line = (text: string) => context.stdout.write(`${text}\n`);
  return {
    fact: (name, value) => line(`  ${name.padEnd(12)} ${value}`),
    step(title, ...details) {
      steps += 1;
      line(`\n${steps} ${title}`);
      for (const detail of details) line(`    ${detail}`);
    },
    text: line,
  };
}
