import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BaileysClient } from './testing/baileys-client.ts';
import { SandboxControl } from './testing/sandbox-control.ts';
import { SandboxProcess } from './testing/sandbox-process.ts';

const MEMBERS = 30;
/** Killed after so many changes and messages were answered. */
const KILLS = [9, 33, 50];

describe('kill -9 of the sandbox while a group grows', () => {
  let stateDir: string;
  let running: SandboxProcess;
  let device: BaileysClient;
  const kills = [...KILLS];
  let answered = 0;

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'sandbox-groups-'));
    running = await SandboxProcess.start({ SANDBOX_STATE_DIR: stateDir });
  });
  afterAll(async () => {
    await device.close();
    await running.kill();
    await rm(stateDir, { recursive: true });
  });

  /** Settles when the sandbox that is being restarted is up. */
  let up: Promise<unknown> = Promise.resolve();

  async function restart(): Promise<void> {
    const { port } = running;
    await running.kill();
    running = await SandboxProcess.start({ SANDBOX_STATE_DIR: stateDir, SANDBOX_PORT: port });
  }

  /** Tries until it is answered; a kill may come between the change and the answer. */
  async function untilAnswered<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const restarting = up;
      try {
        const answer = await attempt();
        answered += 1;
        if (answered >= (kills[0] ?? Infinity)) {
          kills.shift();
          up = up.then(restart);
        }
        return answer;
      } catch (error) {
        // Nothing to wait for: it was no crash.
        if (restarting === up && kills.length === KILLS.length) throw error;
        await up;
      }
    }
  }

  it('loses no change, no message and no key that it answered for, and tells the device of each', async () => {
    const control = new SandboxControl(running.url);
    const { phone: owner } = await control.createPhone({ name: 'Owner' });
    const { phone: reader } = await control.createPhone({ name: 'Reader' });
    const members: string[] = [];
    for (let index = 0; index < MEMBERS; index += 1)
      members.push((await control.createPhone({ phone: `1555${2_000_000 + index}`, silent: true })).phone);
    device = await new BaileysClient({ trust: await running.trust() }).connect((qr) => control.scan(reader, qr));
    await device.settled();
    const { id } = await control.createGroup({ owner, subject: 'Growing', participants: [reader] });
    await device.disconnect();

    const add = async () => {
      for (const member of members) {
        const [result] = await untilAnswered(() => control.changeParticipants(id, owner, 'add', [member]));
        // 409: the change was kept, and the sandbox died before it could say so.
        expect([200, 409]).toContain(result?.code);
      }
    };
    const texts = Array.from({ length: MEMBERS }, (_, index) => `GROWING${index}`);
    const write = async () => {
      for (const text of texts) await untilAnswered(() => control.sendText(owner, id, text, text));
    };
    await Promise.all([add(), write()]);
    await up;
    expect(kills).toEqual([]);

    const after = await new SandboxControl(running.url).follow();
    const { participants } = await after.group(id);
    expect(participants.map(({ phone }) => phone).toSorted()).toEqual([owner, reader, ...members].toSorted());
    const log = await after.groupLog(id);
    expect(log.map(({ event, size }) => `${event} ${size}`)).toEqual([
      'created 2',
      ...members.map((_, index) => `added ${index + 3}`),
    ]);
    expect(log.flatMap(({ subjects }) => subjects)).toEqual([owner, reader, ...members]);

    await device.connect();
    for (const text of texts) expect((await device.text(text)).key.remoteJid).toBe(id);
    const told = () =>
      device.log.events.flatMap((event) =>
        event.type === 'group-participants.update' && event.data.action === 'add'
          ? event.data.participants.map(({ phoneNumber }) => phoneNumber?.split('@')[0])
          : [],
      );
    await device.log.waitFor('all who came', () => (new Set(told()).size === MEMBERS ? true : undefined));
    expect(told()).toEqual(members);
    expect(await after.stats()).toMatchObject({ unknownStanzas: {}, undecryptable: 0 });
    const [last] = texts.slice(-1);
    await after.status(owner, last ?? '', 'sent', 'delivered');
    expect((await after.messages(reader, id)).map(({ text }) => text)).toEqual(texts);
    after.close();
  }, 60_000);
});
