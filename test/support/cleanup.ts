import { afterAll } from 'vitest';

const tasks: (() => unknown)[] = [];

/**
 * Has `task` run after the last test of this file, the newest task first: a process goes before the folder that it
 * writes to. May be called from the file, a hook or a test.
 */
export function atEnd(task: () => unknown): void {
  tasks.push(task);
}

afterAll(async () => {
  const errors: unknown[] = [];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    try {
      await task();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'cleaning up after the tests failed');
});
