import type { ForwardingState } from '../../storage/model/forwarding.ts';

/** One way out of a state. */
interface Passage {
  readonly to: ForwardingState;
  readonly when: string;
}

export interface StateEntry {
  readonly means: string;
  /** What the bridge or the store does by itself, and what only staff do. */
  readonly passages: readonly Passage[];
  readonly byStaff: readonly Passage[];
}

const superseded: Passage = {
  to: 'superseded',
  when: 'a correction is posted before anything of it was sent, and leaves nothing of it live',
};

/** After a restore it may be at the ISO already although nothing here says so. */
const closedOnHold: Passage = { to: 'closed', when: 'closed by hand while it is on hold, with a reason' };

/**
 * Where a forwarding may stand and where it may go: every move that the bridge, the store and staff can make, and no
 * other. The drawing in the documentation is made from it, and the tests hold the recorded histories against it.
 */
export const stateTable: Readonly<Record<ForwardingState, StateEntry>> = {
  due: {
    means: 'created with its posting; nothing was done yet',
    passages: [
      { to: 'prepared', when: 'its parts are made, durable and named' },
      { to: 'empty', when: 'nothing in it is due to the ISO' },
      {
        to: 'person',
        when: 'it cannot be made into parts: too large or in another layout to pass through, not convertible, or of a resource that the account does not hold',
      },
      superseded,
    ],
    byStaff: [closedOnHold],
  },
  prepared: {
    means: 'its parts are made; at least one is to be sent',
    passages: [
      { to: 'submitting', when: 'the intent to send a part is on record' },
      {
        to: 'person',
        when: 'a correction of it was sent first, so that sending it would undo the correction',
      },
      superseded,
    ],
    byStaff: [closedOnHold],
  },
  submitting: {
    means: 'a part is being sent, or the bridge stopped while it was: then it may or may not be at the ISO',
    passages: [
      {
        to: 'prepared',
        when: 'certainly nothing was accepted (or its absence is proved), or another part is to be sent',
      },
      { to: 'unknown', when: 'no answer came, or one that says neither yes nor no' },
      { to: 'following', when: 'the ISO has every part' },
      {
        to: 'person',
        when: 'the part cannot be sent, was refused, or received in another size; or nothing proves what became of it',
      },
    ],
    byStaff: [closedOnHold],
  },
  unknown: {
    means: 'a part may or may not be at the ISO; only a look there can tell',
    passages: [
      { to: 'prepared', when: 'its absence is proved, or it is found and another part is to be sent' },
      { to: 'following', when: 'it is found there, and the ISO has every part' },
      { to: 'person', when: 'neither its presence nor its absence can be proved' },
    ],
    byStaff: [closedOnHold],
  },
  following: {
    means: 'the ISO has every part; its status is asked for',
    passages: [
      { to: 'accepted', when: 'every part passed validation' },
      { to: 'rejected', when: 'every part has ended, and one did not pass' },
      { to: 'prepared', when: 'the ISO says that an upload failed: the part is sent again' },
      { to: 'person', when: 'its record count, or its name at the ISO, is not what was sent' },
    ],
    byStaff: [closedOnHold],
  },
  person: {
    means: 'a person must decide; the reason says why',
    passages: [superseded],
    byStaff: [
      { to: 'due', when: 'retried, with no parts yet' },
      { to: 'prepared', when: 'retried, with a part to send' },
      { to: 'unknown', when: 'retried, with a part that may be at the ISO' },
      { to: 'following', when: 'retried, with every part at the ISO' },
      { to: 'closed', when: 'closed by hand, with a reason' },
    ],
  },
  accepted: { means: 'the ISO accepted every part', passages: [], byStaff: [] },
  rejected: { means: 'the ISO rejected a part; its words say why', passages: [], byStaff: [] },
  superseded: { means: 'a correction took its place before it was sent', passages: [], byStaff: [] },
  empty: { means: 'nothing in it is due to the ISO', passages: [], byStaff: [] },
  closed: { means: 'closed by hand; this does not say that the ISO has it', passages: [], byStaff: [] },
};
