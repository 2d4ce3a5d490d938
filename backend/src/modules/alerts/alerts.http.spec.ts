import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { AlertId, OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { aSession, leaseOf } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import { SessionsRepository, type StateChange } from '../sessions/sessions.repository.ts';
import { AlertRaiser } from './alert-raiser.ts';
import type { AlertPage, AlertSummary, AlertView } from './alerts.dto.ts';

let api: TestApi;
let admin: pg.Client;
let sessions: SessionsRepository;
let dana: TestPerson;
let lease: Lease;

beforeAll(async () => {
  api = await startApi({ PUBLIC_URL: 'https://wasel.example', LOG_LEVEL: 'silent' });
  ({ admin } = api.database);
  sessions = api.app.get(SessionsRepository);
});
afterAll(() => api.close());

beforeEach(async () => {
  dana = await api.signUpOwner('Dana', 'Acme');
  lease = await aNumber('Front desk');
});

async function aNumber(name: string, of = dana): Promise<Lease> {
  const organization = OrganizationId.parse(of.organization);
  return leaseOf({ organization, session: await aSession(admin, organization, { name }) });
}

/** What the node that runs the number writes down. */
const becomes = (state: StateChange['state'], reason: StateChange['reason'] = null, over: Partial<StateChange> = {}) =>
  sessions.saveState(lease, { state, reason, attempts: 0, ...over });
const stays = (minutes: number) => sessions.settleAlerts([{ lease, forMs: minutes * 60_000 }]);
const alerts = async (status = 'all', by = dana) =>
  (await by.call<AlertPage>('GET', `/alerts?status=${status}`)).body.items;
const summary = async () => (await dana.call<AlertSummary>('GET', '/alerts/summary')).body;
const facts = async () => {
  const { rows } = await admin.query<{ type: string; payload: object }>(
    `select type, payload from private.facts where organization_id = $1 and type like 'alert%' order by id`,
    [lease.organization],
  );
  return rows.map(({ type }) => type);
};
const mails = async () => {
  const { rows } = await admin.query<{ mail: string }>(
    `select kind || ' ' || recipient as mail from private.mails where organization_id = $1 and kind like 'alert%' order by id`,
    [lease.organization],
  );
  return rows.map(({ mail }) => mail);
};

describe('a number that needs a person', () => {
  it('raises one alert with the change of its state, tells live pages and those who want mails', async () => {
    const deputy = await api.hire(dana, 'admin');
    await api.hire(dana, 'agent');
    await becomes('error', 'logged_out');
    const [alert, ...more] = await alerts('open');
    expect(more).toEqual([]);
    expect(alert).toEqual({
      id: expect.any(String),
      session_id: lease.session,
      session_name: 'Front desk',
      webhook_endpoint_id: null,
      webhook_host: null,
      kind: 'logged_out',
      occurrences: 1,
      raised_at: expect.any(String),
      last_raised_at: expect.any(String),
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      resolution: null,
    });
    expect(await summary()).toEqual({ open: 1, unacknowledged: 1 });
    expect(await facts()).toEqual(['alert.raised']);
    expect((await mails()).toSorted()).toEqual(
      [`alert_raised ${dana.email}`, `alert_raised ${deputy.email}`].toSorted(),
    );
  });

  it('raises nothing while what happened heals by itself', async () => {
    for (let attempts = 1; attempts < 5; attempts += 1) await becomes('connecting', 'network', { attempts });
    await becomes('connected', null, { attempts: 4 });
    expect(await alerts()).toEqual([]);
    await becomes('connecting', 'network', { attempts: 5 });
    await becomes('error', 'network', { attempts: 5 });
    expect(await alerts()).toMatchObject([{ kind: 'unreachable' }]);
  });

  it('that flaps has one alert with a count, and is told of once, until it has been well for a while', async () => {
    for (let n = 0; n < 20; n += 1) {
      await becomes('error', 'network', { attempts: 5 });
      await becomes('connected', null, { attempts: 5 });
      await stays(0.9);
    }
    expect(await alerts()).toMatchObject([{ occurrences: 20, resolved_at: null }]);
    expect(await mails()).toHaveLength(1);
    await stays(59);
    expect(await alerts('open')).toHaveLength(1);
    await stays(60);
    expect(await alerts()).toMatchObject([{ occurrences: 20, resolution: 'recovered' }]);
    expect(await mails()).toEqual([`alert_raised ${dana.email}`, `alert_resolved ${dana.email}`]);
  });

  it('that falls back after it was called well has the same alert, and people are told', async () => {
    await becomes('error', 'network', { attempts: 5 });
    const [{ id } = { id: '' }] = await alerts();
    await dana.call('POST', `/alerts/${id}/acknowledge`);
    await becomes('connected', null, { attempts: 5 });
    await stays(1);
    await becomes('error', 'server', { attempts: 5 });
    expect(await alerts()).toMatchObject([{ id, occurrences: 2, resolved_at: null, acknowledged_at: null }]);
    expect(await mails()).toHaveLength(3);
    expect(await facts()).toEqual(['alert.raised', 'alert.acknowledged', 'alert.resolved', 'alert.raised']);
    await becomes('connected', null, { attempts: 5 });
    await stays(1);
    expect(await alerts('open')).toHaveLength(1);
    await stays(5);
    await admin.query(`update alerts set resolved_at = now() - interval '61 minutes' where id = $1`, [id]);
    await becomes('error', 'network', { attempts: 5 });
    expect(await alerts()).toMatchObject([{ occurrences: 1 }, { id, occurrences: 2 }]);
  });

  it('is well at once when somebody has put right what nothing but he could', async () => {
    await becomes('error', 'logged_out');
    await becomes('qr_pending');
    expect(await alerts('open')).toHaveLength(1);
    await becomes('connected');
    expect(await alerts()).toMatchObject([{ kind: 'logged_out', resolution: 'recovered' }]);
    await becomes('error', 'replaced');
    await becomes('connected');
    expect(await alerts('open')).toMatchObject([{ kind: 'replaced' }]);
    await stays(1);
    expect(await alerts('open')).toEqual([]);
  });

  it.each([
    ['disconnected', { state: 'disconnected', reason: 'stopped' }],
    ['switched off', { state: 'disconnected', reason: 'disabled' }],
    ['deleted', { state: 'disconnected', reason: 'logged_out', deleted: true }],
  ] as const)('needs nobody any more when it is %s', async (_, { state, reason, ...over }) => {
    await becomes('error', 'banned');
    await becomes(state, reason, over);
    expect(await alerts()).toMatchObject([{ kind: 'banned', resolution: 'withdrawn' }]);
    expect(await mails()).toHaveLength(2);
  });

  it('whose line is found dead time and again says so although it is connected in between', async () => {
    await becomes('connecting', 'network', { attempts: 1, silent: true });
    await becomes('connected', null, { attempts: 1 });
    expect(await alerts('open')).toMatchObject([{ kind: 'silent' }]);
    await stays(1);
    expect(await alerts('open')).toEqual([]);
  });

  it('raises nothing when its change is not written down, and by a node that has lost it nothing at all', async () => {
    const raiser = api.app.get(AlertRaiser);
    const crash = api.app.get(TenantDb).asTenantSql(lease.organization, async (sql) => {
      await raiser.follow(sql, lease, { state: 'error', reason: 'banned', silent: false, deleted: false });
      throw new Error('the node died here');
    });
    await expect(crash).rejects.toThrow('the node died here');
    const late = sessions.saveState({ ...lease, epoch: 2n }, { state: 'error', reason: 'banned', attempts: 0 });
    await expect(late).rejects.toBeInstanceOf(StaleLease);
    expect([await alerts(), await facts(), await mails()]).toEqual([[], [], []]);
  });

  it('raises one alert, told of once, when two nodes say so', async () => {
    const other = (await api.anotherNode()).app.get(SessionsRepository);
    await Promise.all(
      [sessions, other].map((one) => one.saveState(lease, { state: 'error', reason: 'banned', attempts: 0 })),
    );
    expect(await alerts()).toMatchObject([{ kind: 'banned' }]);
    expect(await mails()).toHaveLength(1);
  });
});

describe('an alert', () => {
  const raised = async (): Promise<AlertView> => {
    await becomes('error', 'banned');
    const [alert] = await alerts();
    if (!alert) throw new Error('no alert was raised');
    return alert;
  };

  it('is acknowledged once, by name, and leaves the count', async () => {
    const { id } = await raised();
    const agent = await api.hire(dana, 'agent');
    const { body } = await agent.call<AlertView>('POST', `/alerts/${id}/acknowledge`);
    expect(body).toMatchObject({ id, acknowledged_by: agent.email, resolved_at: null });
    const again = await dana.call<AlertView>('POST', `/alerts/${id}/acknowledge`);
    expect(again).toMatchObject({ status: 200, body });
    expect(await summary()).toEqual({ open: 1, unacknowledged: 0 });
    expect(await facts()).toEqual(['alert.raised', 'alert.acknowledged']);
    const { rowCount } = await admin.query(
      `select from private.audit_logs where action = 'alert.acknowledged' and target_id = $1`,
      [id],
    );
    expect(rowCount).toBe(1);
  });

  it('is acknowledged with all others that are open', async () => {
    await raised();
    lease = await aNumber('Shop');
    await raised();
    expect(await dana.call('POST', '/alerts/acknowledge')).toMatchObject({ body: { open: 2, unacknowledged: 0 } });
    expect(await alerts()).toMatchObject([{ acknowledged_by: dana.email }, { acknowledged_by: dana.email }]);
  });

  it('is shown to every member, page by page, and acknowledged by all but viewers', async () => {
    const { id } = await raised();
    lease = await aNumber('Shop');
    await raised();
    const viewer = await api.hire(dana, 'viewer');
    expect(await viewer.call('POST', `/alerts/${id}/acknowledge`)).toMatchObject({ status: 403 });
    expect(await viewer.call('POST', '/alerts/acknowledge')).toMatchObject({ status: 403 });
    const first = (await viewer.call<AlertPage>('GET', '/alerts?limit=1')).body;
    expect(first.items).toMatchObject([{ session_name: 'Shop' }]);
    const rest = (await viewer.call<AlertPage>('GET', `/alerts?limit=1&cursor=${first.next_cursor}`)).body;
    expect(rest).toMatchObject({ items: [{ id, session_name: 'Front desk' }], next_cursor: null });
  });

  it('is of its organization only', async () => {
    const { id } = await raised();
    const omar = await api.signUpOwner('Omar', 'Other');
    expect(await alerts('all', omar)).toEqual([]);
    expect(await omar.call('POST', `/alerts/${id}/acknowledge`)).toMatchObject({
      status: 404,
      body: { code: 'alert_not_found' },
    });
    expect((await omar.call('POST', '/alerts/acknowledge')).status).toBe(200);
    expect(await alerts()).toMatchObject([{ id: AlertId.parse(id), acknowledged_at: null }]);
    expect(SessionId.parse((await alerts())[0]?.session_id)).toBe(lease.session);
  });
});

describe('mails', () => {
  it('go to who wants them, by default owners and admins, each in his language', async () => {
    const [agent, deputy] = [await api.hire(dana, 'agent'), await api.hire(dana, 'admin')];
    expect((await agent.call('GET', '/alerts/settings')).body).toEqual({ by_mail: false, language: 'en' });
    expect((await dana.call('GET', '/alerts/settings')).body).toEqual({ by_mail: true, language: 'en' });
    expect((await agent.call('PUT', '/alerts/settings', { by_mail: true, language: 'ar' })).status).toBe(200);
    await deputy.call('PUT', '/alerts/settings', { by_mail: false, language: 'he' });
    expect((await agent.call('GET', '/alerts/settings')).body).toEqual({ by_mail: true, language: 'ar' });
    await becomes('error', 'banned');
    expect((await mails()).toSorted()).toEqual(
      [`alert_raised ${dana.email}`, `alert_raised ${agent.email}`].toSorted(),
    );
    await dana.call('PUT', '/alerts/settings', { by_mail: false, language: 'en' });
    await deputy.call('PUT', '/alerts/settings', { by_mail: true, language: 'he' });
    await becomes('connected');
    // Only who was told of the alert, and still wants mails, is told of its end.
    expect((await mails()).filter((mail) => mail.startsWith('alert_resolved'))).toEqual([
      `alert_resolved ${agent.email}`,
    ]);
  });

  it('are decided on by people, not by keys', async () => {
    expect(await dana.call('PUT', '/alerts/settings', { by_mail: true })).toMatchObject({ status: 422 });
    const { body } = await dana.call<{ key: string }>('POST', '/api-keys', { name: 'Shop', scopes: ['read'] });
    const byKey = { authorization: `Bearer ${body.key}` };
    const answer = await fetch(`${api.url}/api/alerts/settings`, { headers: byKey });
    expect(answer.status).toBe(403);
    const list = await fetch(`${api.url}/api/alerts`, { headers: byKey });
    expect(list.status).toBe(200);
  });
});
