/** All virtual phones. Made when they are first needed; woken at start, for what waited while the sandbox was down. */
import { randomInt } from 'node:crypto';
import type { BinaryNode } from '../protocol/node.ts';
import type { KeyBundle, PairingCodeAnswer, PhoneGateway, ServerContext } from '../server/context.ts';
import type { DeviceRef, NewAccount } from '../server/directory.ts';
import type { MediaHost } from '../server/media-host.ts';
import type { PairingDesk } from '../server/pairing.ts';
import { SandboxError } from '../server/sandbox-error.ts';
import { phoneIdentity, takePhoneKeyBundle } from './phone-identity.ts';
import { VirtualPhone } from './phone.ts';

/** With 555-01xx these make numbers that look right and that no telephone company gives to anybody. */
const AREA_CODES = [
  201, 202, 206, 212, 213, 214, 303, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 718, 808, 818, 917, 949, 972,
];

/** 2,300 numbers; who needs more gets one of the other 555 numbers, of which next to none belongs to anybody. */
const LINES = [
  { first: 100, count: 100 },
  { first: 0, count: 10_000 },
];
const TRIES = 200;

export class Phones implements PhoneGateway {
  readonly #context: ServerContext;
  readonly #desk: PairingDesk;
  readonly #mediaHost: MediaHost;
  readonly #phones = new Map<string, VirtualPhone>();

  constructor(context: ServerContext, desk: PairingDesk, mediaHost: MediaHost) {
    this.#context = context;
    this.#desk = desk;
    this.#mediaHost = mediaHost;
  }

  get isEmpty(): boolean {
    return this.#context.directory.accounts().length === 0;
  }

  /** Wakes every phone. */
  start(): void {
    for (const { phone } of this.#context.directory.accounts()) this.get(phone)?.wake();
  }

  /** Creates a phone, under a free number when none is given. @throws SandboxError when the number is taken. */
  create(options: Omit<NewAccount, 'phone'> & { phone?: string }): VirtualPhone {
    const phone = options.phone ?? this.#freeNumber();
    if (this.#context.directory.account(phone))
      throw new SandboxError('conflict', `There is a phone with the number +${phone} already.`);
    this.#context.directory.create({ ...options, phone });
    this.#context.events.emit({ type: 'phone', phone });
    return this.require(phone);
  }

  get(phone: string): VirtualPhone | undefined {
    const known = this.#phones.get(phone);
    if (known || !this.#context.directory.account(phone)) return known;
    const made = new VirtualPhone(this.#context, this.#desk, this.#mediaHost, phone);
    this.#phones.set(phone, made);
    return made;
  }

  /** @throws SandboxError when there is no such phone. */
  require(phone: string): VirtualPhone {
    const found = this.get(phone);
    if (!found) throw new SandboxError('not-found', `There is no phone with the number +${phone}.`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#phones.values()].map((phone) => phone.close()));
  }

  wake(phone: string): void {
    this.get(phone)?.wake();
  }

  receiveLive(phone: string, stanza: BinaryNode): void {
    this.get(phone)?.receiveLive(stanza);
  }

  keyBundle(phone: string): KeyBundle {
    return takePhoneKeyBundle(this.#context.store, phone);
  }

  identityKey(phone: string): Buffer {
    return phoneIdentity(this.#context.store, phone).identityKey.public;
  }

  bootstrap(device: DeviceRef): void {
    this.get(device.phone)?.bootstrap(device);
  }

  finishPairingCode(phone: string, answer: PairingCodeAnswer): void {
    this.get(phone)?.finishPairingCode(answer);
  }

  appStateChanged(phone: string, collection: string): void {
    this.get(phone)?.appStateChanged(collection);
  }

  /** @throws SandboxError when hardly one is free */
  #freeNumber(): string {
    for (const { first, count } of LINES)
      for (let tries = 0; tries < TRIES; tries += 1) {
        const line = String(first + randomInt(count)).padStart(4, '0');
        const phone = `1${AREA_CODES[randomInt(AREA_CODES.length)]}555${line}`;
        if (!this.#context.directory.account(phone)) return phone;
      }
    throw new SandboxError('conflict', 'Nearly all numbers of the sandbox are taken. Name the one that you want.');
  }
}
