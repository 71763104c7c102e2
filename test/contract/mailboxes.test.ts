import { beforeEach, describe, expect, test } from 'vitest';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import { addParties, getName, type Parties } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('mailboxes on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  test('a mailbox is what was asked for', async () => {
    const wanted = {
      zone: 'UTC',
      profile: 'sensus-rni',
      onLineDays: 9,
      allowsRaw: true,
      levels: { C_GAP: 'error' },
      receivers: ['123456789'],
      demandsMapping: true,
    } as const;
    const added = await parties.addMailbox('esp-one-raw', parties.esp, wanted);
    expect(added).toEqual({ id: added.id, name: 'esp-one-raw', owner: 'esp-one', ...wanted });
    expect(await store.catalogue.mailboxes.findMailbox(parties.esp, added.name)).toEqual(added);
  });

  test('what may change of it changes, and the rest stays', async () => {
    const { espBox, udcBox, esp } = parties;
    const { changeMailbox, findMailbox } = store.catalogue.mailboxes;
    const change = { levels: { C_GAP: 'off' }, receivers: ['1', '2'], profile: 'smartsynch' } as const;
    expect(await changeMailbox(espBox.name, change)).toEqual({ ...espBox, ...change });
    expect(await findMailbox(esp, espBox.name)).toEqual({ ...espBox, ...change });
    await changeMailbox(espBox.name, { onLineDays: 7, allowsRaw: true, levels: {}, receivers: [] });
    const after = { ...espBox, profile: 'smartsynch', onLineDays: 7, allowsRaw: true };
    expect(await findMailbox(esp, espBox.name)).toEqual(after);
    expect(await store.catalogue.mailboxes.getMailboxes([udcBox.name])).toEqual([udcBox]);
    const name = parseMailboxName('nothing');
    await expect(changeMailbox(name, { onLineDays: 7 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a name is given once; of nobody is not found', async () => {
    await expect(parties.addMailbox('esp-one', parties.udc)).rejects.toMatchObject({ code: 'conflict' });
    const nobody = { ...parties.esp, name: parseParticipantName('nobody') };
    await expect(parties.addMailbox('new', nobody)).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.catalogue.mailboxes.listMailboxes(parties.staff, { limit: 9 })).toMatchObject({
      mailboxes: { length: 2 },
      hasMore: false,
    });
  });

  test('one sees its own, staff see all, and a program sees none; by name', async () => {
    const extra = await parties.addMailbox('a-second', parties.udc);
    const { esp, udc, staff, program, espBox, udcBox } = parties;
    const { listMailboxes } = store.catalogue.mailboxes;
    const list = async (reader: Participant) => (await listMailboxes(reader, { limit: 9 })).mailboxes;
    expect(await list(esp)).toEqual([espBox]);
    expect(await list(udc)).toEqual([extra, udcBox]);
    expect(await list(staff)).toEqual([extra, espBox, udcBox]);
    expect(await list(program)).toEqual([]);
    const all = { mailboxes: [extra, espBox, udcBox], hasMore: false };
    expect(await listMailboxes(staff)).toEqual(all);
    expect(await listMailboxes(staff, { after: extra.name })).toEqual({
      ...all,
      mailboxes: [espBox, udcBox],
    });
    expect(await listMailboxes(staff, { limit: 2 })).toEqual({ mailboxes: [extra, espBox], hasMore: true });
    expect(await listMailboxes(staff, { after: espBox.name, limit: 2 })).toEqual({
      mailboxes: [udcBox],
      hasMore: false,
    });
  });

  test('another’s mailbox is found as little as one that is not there', async () => {
    const { esp, udc, staff, program, espBox } = parties;
    const find = store.catalogue.mailboxes.findMailbox;
    expect(await find(esp, espBox.name)).toEqual(espBox);
    expect(await find(staff, espBox.name)).toEqual(espBox);
    for (const stranger of [udc, program]) expect(await find(stranger, espBox.name)).toBeUndefined();
    expect(await find(esp, parseMailboxName('nothing'))).toBeUndefined();
    expect(await find(staff, parseMailboxName('nothing'))).toBeUndefined();
  });

  test('for posting they are looked up together, and all that are unknown are named', async () => {
    const { espBox, udcBox } = parties;
    const get = store.catalogue.mailboxes.getMailboxes;
    expect(await get([])).toEqual([]);
    expect(await get([udcBox.name, espBox.name])).toEqual([espBox, udcBox]);
    const names = ['one', 'esp-one', 'two'].map((name) => parseMailboxName(name));
    const values = ['one', 'two'].map((value) => expect.objectContaining({ value }));
    await expect(get(names)).rejects.toMatchObject({ code: 'not-found', faults: values });
  });

  test('a file is found with everything needed to send it, in its own mailbox only', async () => {
    const { espBox, udcBox, post } = parties;
    const { posting, file } = await post();
    const name = getName(posting, espBox);
    expect(await store.catalogue.mailboxes.findFile(espBox.id, name)).toEqual({
      name,
      ...file,
      root: 'on-line',
      postedAt: posting.postedAt,
      archivedAt: null,
      codings: [],
    });
    expect(await store.catalogue.mailboxes.findFile(udcBox.id, name)).toBeUndefined();
  });
});
