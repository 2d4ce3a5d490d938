/**
 * Who exists: accounts by phone number and by privacy address, and their devices. An address that is no user's
 * (`parseUserJid`) may be a group's: those are in `groups/book.ts`.
 */
import { randomBytes } from 'node:crypto';
import { type AddressingMode, lidJid, parseUserJid, pnJid } from '../protocol/jid.ts';
import type { Account, CompanionDevice } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

/** One device of an account. Device 0 is the phone. */
export type DeviceRef = Readonly<{ phone: string; id: number }>;

export const PHONE_DEVICE = 0;

export function deviceKey({ phone, id }: DeviceRef): string {
  return `${phone}:${id}`;
}

const DEFAULT_PRIVACY = {
  readreceipts: 'all',
  last: 'all',
  online: 'all',
  profile: 'all',
  status: 'all',
  groupadd: 'all',
  calladd: 'all',
  messages: 'all',
  defense: 'off',
};

/** LIDs are random in life. Here they follow the phone number, so that logs can be read. */
function lidFor(phone: string): string {
  return String(100_000_000_000_000n + (BigInt(phone) % 99_999_999_999_999n));
}

export type NewAccount = Readonly<{
  phone: string;
  name?: string;
  silent?: boolean;
  autoReply?: string | null;
  autoRead?: boolean;
  otherForms?: readonly string[];
}>;

export class Directory {
  readonly #store: Store;
  readonly #phoneByLid = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
    for (const account of this.accounts()) this.#phoneByLid.set(account.lid, account.phone);
  }

  accounts(): Account[] {
    return [...this.#store.tables.accounts.group('').values()];
  }

  account(phone: string): Account | undefined {
    return this.#store.tables.accounts.get('', phone);
  }

  requireAccount(phone: string): Account {
    const account = this.account(phone);
    if (!account) throw new Error(`no account ${phone}`);
    return account;
  }

  create({ phone, name, silent = false, autoReply = null, autoRead = false, otherForms }: NewAccount): Account {
    const account: Account = {
      phone,
      lid: lidFor(phone),
      name: name ?? `+${phone}`,
      about: 'Hey there! I am using a sandbox.',
      rawId: randomBytes(4).readUInt32BE(),
      nextDeviceId: 1,
      privacy: DEFAULT_PRIVACY,
      blocked: [],
      online: true,
      lastSeen: null,
      autoReply,
      autoRead,
      silent,
      ...(otherForms ? { otherForms } : {}),
    };
    this.#store.transaction(() => this.#store.tables.accounts.put('', phone, account));
    this.#phoneByLid.set(account.lid, phone);
    return account;
  }

  update(phone: string, change: Partial<Account>): Account {
    const changed = { ...this.requireAccount(phone), ...change };
    this.#store.transaction(() => this.#store.tables.accounts.put('', phone, changed));
    return changed;
  }

  /** The account that an address belongs to, whichever kind of address it is. */
  find(jid: string | undefined): Account | undefined {
    const address = parseUserJid(jid);
    if (!address) return undefined;
    const phone = address.mode === 'lid' ? this.#phoneByLid.get(address.user) : address.user;
    return phone === undefined ? undefined : this.account(phone);
  }

  /** The account that a number means as somebody wrote it. Only who asks is told so: nothing is delivered to another form. */
  findWritten(number: string): Account | undefined {
    return this.account(number) ?? this.accounts().find(({ otherForms }) => otherForms?.includes(number));
  }

  /** The device that an address names, if it is linked. */
  findDevice(jid: string | undefined): DeviceRef | undefined {
    const account = this.find(jid);
    const id = parseUserJid(jid)?.device ?? PHONE_DEVICE;
    return account && this.devicesOf(account.phone).find((device) => device.id === id);
  }

  companion({ phone, id }: DeviceRef): CompanionDevice | undefined {
    return this.#store.tables.devices.get(phone, String(id));
  }

  /** Linked devices, without those that have not confirmed their identity yet. */
  companionsOf(phone: string): CompanionDevice[] {
    return [...this.#store.tables.devices.group(phone).values()].filter((device) => device.confirmed);
  }

  /** The phone and its linked devices. */
  devicesOf(phone: string): DeviceRef[] {
    return [{ phone, id: PHONE_DEVICE }, ...this.companionsOf(phone).map(({ id }) => ({ phone, id }))];
  }

  updateCompanion(device: DeviceRef, change: Partial<CompanionDevice>): void {
    const row = this.companion(device);
    if (!row) return;
    this.#store.transaction(() =>
      this.#store.tables.devices.put(device.phone, String(device.id), { ...row, ...change }),
    );
  }

  jidOf(device: DeviceRef, mode: AddressingMode): string {
    return mode === 'lid' ? lidJid(this.requireAccount(device.phone).lid, device.id) : pnJid(device.phone, device.id);
  }

  userJid(phone: string, mode: AddressingMode): string {
    return mode === 'lid' ? lidJid(this.requireAccount(phone).lid) : pnJid(phone);
  }
}
