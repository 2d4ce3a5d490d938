import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BaileysClient } from './testing/baileys-client.ts';
import { SandboxControl } from './testing/sandbox-control.ts';
import { SandboxProcess } from './testing/sandbox-process.ts';

const MESSAGES = 60;
/** Killed after so many messages have been acknowledged, in both directions together. */
const KILLS = [7, 30, 61, 90];

describe('kill -9 of the sandbox in the middle of traffic', () => {
  let stateDir: string;
  let running: SandboxProcess;
  let device: BaileysClient;
  /** Settles when the sandbox that is being restarted is up. */
  let up: Promise<unknown> = Promise.resolve();
  let acknowledged = 0;
  const kills = [...KILLS];

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'sandbox-crash-'));
    running = await SandboxProcess.start({ SANDBOX_STATE_DIR: stateDir });
  });
  afterAll(async () => {
    await device.close();
    await running.kill();
    await rm(stateDir, { recursive: true });
  });

  async function restart(): Promise<void> {
    const { port } = running;
    await running.kill();
    running = await SandboxProcess.start({ SANDBOX_STATE_DIR: stateDir, SANDBOX_PORT: port });
  }

  function count(): void {
    acknowledged += 1;
    if (acknowledged < (kills[0] ?? Infinity)) return;
    kills.shift();
    up = up.then(restart);
  }

  /** Tries with the same id until it is acknowledged, as a careful client does. */
  async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const restarting = up;
      try {
        await attempt();
        return count();
      } catch (error) {
        // Nothing to wait for: it was no crash.
        if (restarting === up && kills.length === KILLS.length) throw error;
        await up;
      }
    }
  }

  let reconnecting: Promise<unknown> | undefined;
  /** Both directions may ask for it at once. */
  function reconnect(): Promise<unknown> {
    reconnecting ??= up
      .then(() => (device.isOpen ? device : device.connect()))
      .finally(() => {
        reconnecting = undefined;
      });
    return reconnecting;
  }

  it('loses nothing that it acknowledged and shows nothing twice, without a new QR', async () => {
    const control = new SandboxControl(running.url);
    const { phone: maya } = await control.createPhone({ name: 'Maya' });
    const { phone: contact } = await control.createPhone({ name: 'A contact' });
    device = await new BaileysClient({ trust: await running.trust() }).connect((qr) => control.scan(maya, qr));
    await device.settled();

    const fromDevice = Array.from({ length: MESSAGES }, (_, index) => `DEVICE${index}`);
    const fromContact = Array.from({ length: MESSAGES }, (_, index) => `CONTACT${index}`);
    const sendFromDevice = async () => {
      for (const id of fromDevice) {
        await untilDone(async () => {
          await reconnect();
          const closed = device.closed().then((code) => Promise.reject(new Error(`closed with ${code}`)));
          await device.send(contact, { text: id }, id);
          await Promise.race([device.acked(id), closed]);
        });
      }
    };
    const sendFromContact = async () => {
      for (const id of fromContact) await untilDone(() => control.sendText(contact, maya, id, id));
    };
    await Promise.all([sendFromDevice(), sendFromContact()]);
    await up;
    await reconnect();

    const after = await new SandboxControl(running.url).follow();
    for (const id of fromDevice) await after.text(contact, id);
    for (const id of fromContact) {
      // Off the wire, because plain Baileys may lose what it has received when its connection breaks.
      await device.log.waitFor(id, (event) => (event.type === 'stanza' && event.data['id'] === id ? true : undefined));
      await after.status(contact, id, 'delivered');
    }
    const texts = async (phone: string, partner: string, direction: 'in' | 'out') =>
      (await after.messages(phone, partner))
        .filter((message) => message.direction === direction)
        .map((message) => message.text);
    expect((await texts(contact, maya, 'in')).toSorted()).toEqual(fromDevice.toSorted());
    expect(await texts(contact, maya, 'out')).toEqual(fromContact);
    expect((await texts(maya, contact, 'in')).toSorted()).toEqual(fromContact.toSorted());
    expect((await texts(maya, contact, 'out')).toSorted()).toEqual(fromDevice.toSorted());
    expect(kills).toEqual([]);
    expect((await after.stats()).unknownStanzas).toEqual({});
    after.close();
  }, 60_000);
});
