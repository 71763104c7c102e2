import type { Way } from '../storage/model/forwarding.ts';

/** The lease of an account across all programs: who holds it asks the ISO for the account, and nobody else does (ruling 2). */
export function toAccountLease({ name, way }: { readonly name: string; readonly way: Way }): string {
  return `${way}:${name}`;
}

/** The lease that who waits for another one holds meanwhile, so that its holder sees that it is somebody else's turn. */
export function toTurnLease(lease: string): string {
  return `${lease} next`;
}
