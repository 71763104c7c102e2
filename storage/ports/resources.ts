import type { Way } from '../model/forwarding.ts';
import type { Transaction } from '../model/transaction.ts';

/** Which ISO resource a meter's unit is, from one day up to, not including, another (`ccyy-mm-dd`). */
export interface Resource {
  readonly meter: string;
  readonly unit: string;
  readonly resourceId: string;
  readonly measurementType: string;
  readonly account: string;
  readonly way: Way;
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
}

export interface Resources {
  /**
   * Maps a meter's unit from a day on; an earlier open-ended mapping of it ends on that day.
   * Rejects with `conflict` when the same meter, unit and day are mapped already.
   */
  mapResource(resource: Omit<Resource, 'effectiveTo'>): Promise<void>;
  listResources(): Promise<Resource[]>;
  /** The mappings of the meters and units of a posting, of every account, whatever the day. */
  listResourcesOf(transaction: Transaction): Promise<Resource[]>;
}
