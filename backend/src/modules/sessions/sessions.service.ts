import { Injectable } from '@nestjs/common';
import { toDataURL } from 'qrcode';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { newId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { assertMayReach } from '../../platform/http/public-address.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import type {
  ConnectSession,
  CreateSession,
  SessionHealth,
  SessionLink,
  SessionStatement,
  SessionView,
  SessionWithLink,
  UpdateSession,
} from './sessions.dto.ts';
import { SessionProxiesRepository } from './session-proxies.repository.ts';
import { AlreadyConnected } from './sessions.errors.ts';
import { sessionUpdated } from './sessions.events.ts';
import { settingsOf, toHealth, toView } from './sessions.views.ts';
import { type Intent, type Session, SessionsRepository } from './sessions.repository.ts';

/** How long a person waits for the first QR code in the answer itself; after that it comes live. */
const LINK_WAIT_MS = 10_000;

const STATEMENT_COLUMNS = ['day', 'received', 'stored', 'waiting', 'set_aside', 'repeated', 'reconnects'] as const;

const ASKED: Readonly<Record<Intent, AuditAction>> = {
  connect: 'session.connect_requested',
  stop: 'session.disconnect_requested',
  log_out: 'session.logout_requested',
  delete: 'session.deletion_requested',
};

/** What people do with their numbers. It writes down what is wanted; the node that owns the session does it. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsRepository,
    private readonly proxies: SessionProxiesRepository,
    private readonly entitlements: Entitlements,
    private readonly audit: AuditTrail,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async list(organization: OrganizationId): Promise<SessionView[]> {
    const sessions = await this.db.asTenant(organization, (tx) => this.sessions.list(tx));
    return sessions.map(toView);
  }

  /** What the API shows of numbers of many organizations, deleted ones too, by `<organization> <session>`. */
  async viewsOf(
    tx: SystemTx,
    of: readonly { organization: string; id: string }[],
  ): Promise<ReadonlyMap<string, SessionView>> {
    const sessions = of.length > 0 ? await this.sessions.ofAll(tx, of) : [];
    return new Map(sessions.map((session) => [`${session.organizationId} ${session.id}`, toView(session)]));
  }

  async get(organization: OrganizationId, id: SessionId): Promise<SessionView> {
    return toView(await this.db.asTenant(organization, (tx) => this.sessions.get(tx, id)));
  }

  /** @throws SessionNotFound */
  async health(organization: OrganizationId, id: SessionId): Promise<SessionHealth> {
    const now = this.clock.now();
    const row = await this.db.asTenantSql(organization, (sql) => this.sessions.health(sql, id));
    return toHealth(row, now, this.config.outbox.newChatsPerDay);
  }

  /** @throws SessionNotFound */
  statement(organization: OrganizationId, id: SessionId, days: number): Promise<SessionStatement> {
    return this.db.asTenantSql(organization, (sql) => this.sessions.statement(sql, id, days));
  }

  /** The statement as lines of CSV; that it was taken out is an entry. @throws SessionNotFound */
  async exportStatement(by: Caller, id: SessionId, days: number): Promise<string[]> {
    const { days: rows } = await this.db.asTenantSql(by.organization, async (sql) => {
      await this.audit.addSql(sql, by, {
        action: 'session.statement_exported',
        target: { type: 'session', id },
        changes: changesBetween(null, { days }),
      });
      return this.sessions.statement(sql, id, days);
    });
    return [
      csvLine(STATEMENT_COLUMNS),
      ...rows.map((row) => csvLine(STATEMENT_COLUMNS.map((name) => String(row[name])))),
    ];
  }

  /** @throws AccountLimitReached */
  async create(by: Caller, { name, phone_number }: CreateSession): Promise<SessionWithLink> {
    const { organization } = by;
    const id = SessionId.parse(newId());
    await this.db.asTenant(organization, async (tx) => {
      await this.sessions.holdOrganization(tx);
      await this.entitlements.assertMayAddSession(tx, organization);
      const session = await this.sessions.create(tx, organization, {
        id,
        name: name ?? freeName(await this.sessions.list(tx)),
        phoneNumber: phone_number ?? null,
      });
      const changes = changesBetween(null, settingsOf(session));
      await this.audit.add(tx, by, { action: 'session.created', target: { type: 'session', id }, changes });
    });
    return this.awaitLink(organization, id);
  }

  async connect(by: Caller, id: SessionId, { phone_number }: ConnectSession): Promise<SessionWithLink> {
    await this.ask(by, id, 'connect', phone_number ?? null);
    return this.awaitLink(by.organization, id);
  }

  disconnect(by: Caller, id: SessionId): Promise<SessionView> {
    return this.ask(by, id, 'stop');
  }

  logOut(by: Caller, id: SessionId): Promise<SessionView> {
    return this.ask(by, id, 'log_out');
  }

  async delete(by: Caller, id: SessionId): Promise<void> {
    await this.ask(by, id, 'delete');
  }

  /** @throws SessionNotFound | AddressNotAllowed */
  async update(by: Caller, id: SessionId, wanted: UpdateSession): Promise<SessionView> {
    if (wanted.proxy_url) assertMayReach(wanted.proxy_url, this.config.outgoing.allowedNetworks);
    const session = await this.db.asTenant(by.organization, async (tx) => {
      const before = await this.sessions.get(tx, id);
      const after = await this.sessions.update(tx, before, wanted);
      if (wanted.proxy_url !== undefined) await this.proxies.save(tx, before, wanted.proxy_url);
      const changes = changesBetween(settingsOf(before), settingsOf(after));
      await this.audit.add(tx, by, { action: 'session.updated', target: { type: 'session', id }, changes });
      await this.facts.add(tx, sessionUpdated(by.organization, id));
      return after;
    });
    this.signals.send('session', { session: id });
    this.signals.send('facts', { organization: by.organization });
    return toView(session);
  }

  /** @throws AlreadyConnected when there is nothing to scan */
  async link(organization: OrganizationId, id: SessionId): Promise<SessionLink> {
    const { session, link } = await this.withLink(organization, id);
    if (session.state === 'connected') throw new AlreadyConnected(id);
    return link;
  }

  private async withLink(organization: OrganizationId, id: SessionId): Promise<SessionWithLink> {
    const { session, link } = await this.look(organization, id);
    if (session.state === 'connected') return { session: toView(session), link: NO_LINK };
    const { phone_number: _, ...shown } = link;
    const image = shown.qr ? await toDataURL(shown.qr, { margin: 1, width: 320 }) : null;
    return { session: toView(session), link: { ...shown, qr_image: image } };
  }

  /** Of one moment: a number that is connected has nothing to scan. */
  private look(organization: OrganizationId, id: SessionId) {
    return this.db.asTenant(organization, async (tx) => ({
      session: await this.sessions.get(tx, id),
      link: await this.sessions.link(tx, id),
    }));
  }

  private async ask(
    by: Caller,
    id: SessionId,
    intent: Intent,
    pairingPhone: string | null = null,
  ): Promise<SessionView> {
    const session = await this.db.asTenant(by.organization, async (tx) => {
      const asked = await this.sessions.ask(tx, await this.sessions.get(tx, id), intent, pairingPhone);
      await this.audit.add(tx, by, { action: ASKED[intent], target: { type: 'session', id } });
      return asked;
    });
    this.signals.send('session', { session: id });
    return toView(session);
  }

  /** Resolves with the first QR or pairing code, when it is connected or came to rest without one, or after ten seconds. */
  private async awaitLink(organization: OrganizationId, id: SessionId): Promise<SessionWithLink> {
    await new Promise<void>((resolve) => {
      const stops = [
        this.clock.setTimeout(() => done(), LINK_WAIT_MS),
        this.signals.on('link', ({ session }) => session === id && look()),
      ];
      const done = () => {
        for (const stop of stops) stop();
        resolve();
      };
      // A signal may still be of what was asked for before, and ours have come before we listened.
      const look = () => void this.isAnswered(organization, id).then((answered) => answered && done(), done);
      this.signals.send('session', { session: id });
      look();
    });
    return this.withLink(organization, id);
  }

  /** What was asked for last is carried out, or waits for a phone. */
  private async isAnswered(organization: OrganizationId, id: SessionId): Promise<boolean> {
    const { session, link } = await this.look(organization, id);
    const { state, intentVersion, settledVersion } = session;
    const waits = link.qr !== null || link.pairing_code !== null;
    return waits || state === 'connected' || intentVersion === settledVersion;
  }
}

/** `WhatsApp 1` for the first; never one that another number bears. */
function freeName(sessions: readonly Session[]): string {
  const taken = new Set(sessions.map(({ name }) => name));
  let n = sessions.length + 1;
  while (taken.has(`WhatsApp ${n}`)) n += 1;
  return `WhatsApp ${n}`;
}

const NO_LINK: SessionLink = { qr: null, qr_image: null, qr_expires_at: null, pairing_code: null };
