import type { Reading, ReadingSet } from '../format.ts';
import { LossTally } from '../loss-tally.ts';
import type { WriteOptions, WriteResult, Writer } from '../writer.ts';
import { recordBytes } from './layout.ts';
import { MeterGroup } from './meter-group.ts';
import { getMdefProfile, type MdefProfile } from './profiles.ts';
import { toTrailer } from './write-records.ts';

/**
 * A writer for MDEF (ISO facts, section 5): one meter header for the sets of a meter and account that follow each
 * other, a channel for each of their units, channels and lengths, both status words, one trailer. Times are standard
 * time all year, with DST flag N. All channels of a meter start and stop together; where a reading is not given the
 * interval is marked as missing. When no reading can be carried, nothing is written.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createMdefWriter(options: WriteOptions): Writer {
  return new MdefWriter(options, getMdefProfile(options.profile));
}

class MdefWriter implements Writer {
  readonly #options: WriteOptions;
  readonly #profile: MdefProfile;
  readonly #losses = new LossTally();
  #group: MeterGroup | undefined;
  #bytes = 0;
  #readings = 0;

  constructor(options: WriteOptions, profile: MdefProfile) {
    this.#options = options;
    this.#profile = profile;
  }

  add(set: ReadingSet, readings: readonly Reading[]): void {
    if (this.#group?.isOf(set) !== true) this.#finishMeter();
    this.#group ??= new MeterGroup(set, this.#profile, this.#losses);
    this.#group.add(set, readings);
  }

  end(): WriteResult {
    this.#finishMeter();
    if (this.#bytes > 0) {
      const records = this.#bytes / recordBytes + 1;
      this.#write(toTrailer(records, this.#options.now, this.#profile));
    }
    return {
      bytes: this.#bytes,
      records: this.#bytes / recordBytes,
      readings: this.#readings,
      losses: this.#losses.toLosses(),
    };
  }

  #finishMeter(): void {
    this.#readings += this.#group?.write((bytes) => this.#write(bytes)) ?? 0;
    this.#group = undefined;
  }

  #write(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#options.onBytes(bytes);
  }
}
