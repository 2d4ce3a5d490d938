import { Controller, Patch } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { Clock } from '../../kernel/clock.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import {
  aContact,
  aConversation,
  aMembership,
  aMerge,
  anAlert,
  anApiKey,
  anInvitation,
  anOrganization,
  aSession,
  aSuperAdmin,
} from '../../testing/factories.ts';
import { aGroup } from '../../testing/group-factories.ts';
import { insert } from '../../testing/insert.ts';
import { type Audited, AUDITED, UNAUDITED, type World } from '../../testing/audited-routes.ts';
import {
  aBroadcast,
  aJob,
  anAutomation,
  anImport,
  aTemplate,
  aWebhook,
  loseFile,
} from '../../testing/sending-factories.ts';
import { HastyClock } from '../../testing/hasty-clock.ts';
import { type Route, routesIn, routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';

const READS = new Set(['get', 'head', 'options']);
const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const mutating = (routes: Route[]) => routes.filter(({ method }) => !READS.has(method)).map(nameOf);
const unstated = (routes: Route[]) => mutating(routes).filter((name) => !(name in AUDITED) && !(name in UNAUDITED));

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi({}, (testing) => testing.overrideProvider(Clock).useClass(HastyClock));
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
});
afterAll(() => api.close());

async function world(): Promise<World> {
  const organization = OrganizationId.parse(dana.organization);
  const session = await aSession(admin, organization);
  const [agent, guest] = [await api.hire({ organization }, 'agent'), await api.signUp('Guest')];
  const invitation = await anInvitation(admin, organization, guest.email);
  const message = async (status: string) => {
    const content = { type: 'text', session_id: session, to: '+972501234567', text: 'For their eyes only' };
    const { body } = await dana.call<{ message_id: string }>('POST', '/messages/send', content);
    if (status === 'failed') {
      await admin.query('delete from private.outbox where message_id = $1', [body.message_id]);
      await admin.query(`update messages set status = 'failed', failed_at = now() where id = $1`, [body.message_id]);
    }
    if (status === 'lost') await loseFile(admin, body.message_id);
    return body.message_id;
  };
  await admin.query(
    'delete from alerts; delete from private.alert_destinations; delete from private.webhook_endpoints',
  );
  const alert = await anAlert(admin, { organization, session });
  const webhook = await aWebhook(admin, organization);
  const key = await anApiKey(admin, organization, ['read']);
  const spare = await anOrganization(admin, 'Spare');
  await aMembership(admin, spare, dana.email, 'owner');
  const file = await anImport(admin, organization, { mapping: JSON.stringify({ phone_column: 0, text_column: 1 }) });
  const template = await aTemplate(admin, organization);
  const automated = await anAutomation(admin, organization);
  const job = (state: string): Promise<string> => aJob(admin, { organization, session }, { state });
  const broadcast = async (state: string): Promise<string> => {
    const chat = await aConversation(admin, { organization, session, user: await dana.id() });
    return aBroadcast(admin, { organization, session, ...chat }, { state });
  };
  const operator = await api.signUp('Operator');
  await aSuperAdmin(admin, await operator.id());
  const conversation = async () =>
    (await aConversation(admin, { organization, session, user: await dana.id() })).conversation;
  const of = { organization_id: organization };
  const contact = async () => (await aContact(admin, organization)).id;
  const merge = async () => aMerge(admin, organization);
  const tag = async () => (await insert(admin, 'tags', { ...of, id: newId(), name: newId() })).id;
  const list = async () => (await insert(admin, 'contact_lists', { ...of, id: newId(), name: newId() })).id;
  const group = () => aGroup(admin, { organization, session });
  return {
    admin,
    contact,
    merge,
    tag,
    list,
    group,
    dana,
    agent,
    guest,
    operator,
    session,
    invitation,
    key,
    message,
    conversation,
    spare,
    alert,
    template,
    automated,
    job,
    broadcast,
    webhook,
    file,
  };
}

const entries = async () =>
  (
    await admin.query<{ action: string; actor: string; address: string; row: string }>(
      `select action, actor_name as actor, host(address) as address, a::text as row from private.audit_logs a order by id`,
    )
  ).rows;

describe('every route that changes something', () => {
  it('leaves an entry in the audit log, or is on the list of those that need none', () => {
    expect(unstated(routesOf(api.app))).toEqual([]);
  });

  it('is stated once, and is there', () => {
    const stated = [...Object.keys(AUDITED), ...Object.keys(UNAUDITED)];
    expect(stated.toSorted()).toEqual(mutating(routesOf(api.app)).toSorted());
  });

  it('would be found out if it were not stated', () => {
    @Controller('careless')
    class Careless {
      @Patch()
      forgotten() {
        return {};
      }
    }
    expect(unstated(routesIn(Careless))).toEqual(['patch /api/careless']);
  });
});

it.each(Object.entries(AUDITED))(
  '%s leaves one entry, of who called it and from where',
  async (_, { leaves, call, by = 'dana' }: Audited) => {
    const [found, before] = [await world(), await entries()];
    const { status } = await call(found);
    expect(status).toBeLessThan(300);
    const [entry, ...more] = (await entries()).slice(before.length);
    expect(entry).toMatchObject({ action: leaves, actor: found[by].email, address: '127.0.0.1' });
    expect(more).toEqual([]);
    const secrets = ['For their eyes only', 'We will be there at nine', 'T0/B0/hidden', 'hidden-away', 'whsec_'];
    for (const secret of [...secrets, found.invitation.token, found.key.token])
      expect(entry?.row).not.toContain(secret);
  },
);
