/** The names of a port's methods that write: all but those that are named for reading. */
export function toWritingActs(port: object): string[] {
  return Object.entries(port)
    .filter(([name, method]) => typeof method === 'function' && !/^(find|list|count)[A-Z]/.test(name))
    .map(([name]) => name);
}
