import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import {
  AlertId,
  newId,
  type OrganizationId,
  type SessionId,
  type UserId,
  type WebhookEndpointId,
} from '../../kernel/ids.ts';
import type { Language } from '../../kernel/language.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Mailer } from '../../platform/mail/mailer.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { SessionReason, SessionState } from '../sessions/sessions.dto.ts';
import type { AlertKind, AlertResolution } from './alerts.dto.ts';
import { alertRaised, alertResolved } from './alerts.events.ts';
import { alertMail, alertText, type Told } from './alerts.letters.ts';
import { alertOf, isWithdrawn, MENDED_BY_CONNECTING, SAME_WITHIN_MS, wellAfterMs } from './alerts.rules.ts';

/** Whose number it is. */
type Number = Readonly<{ organization: OrganizationId; session: SessionId }>;

/** What became of a number: its state, whether it is gone, and whether its line was found dead time and again. */
export type NumberStatus = Readonly<{
  state: SessionState;
  reason: SessionReason | null;
  silent: boolean;
  deleted: boolean;
}>;

type Row = { id: AlertId; kind: AlertKind; occurrences: number; mailed_to: UserId[] | null };
type Reader = { user_id: UserId; email: string; language: Language };

/** A customer's server that is told what happens. */
type Endpoint = Readonly<{ organization: OrganizationId; webhookEndpoint: WebhookEndpointId }>;
/** What an alert is about. */
type Subject = Number | Endpoint;

/** The column that has it, what people call it, and its page. */
const about = (of: Subject) =>
  'session' in of
    ? ({
        column: 'session_id',
        id: of.session,
        name: 'select s.name from sessions s where s.id = $1',
        page: `/numbers/${of.session}`,
      } as const)
    : ({
        column: 'webhook_endpoint_id',
        id: of.webhookEndpoint,
        name: `select substring(e.url from '^\\w+://([^/?#]+)') from private.webhook_endpoints e where e.id = $1`,
        page: `/settings/webhooks`,
      } as const);

/** Who wants mails: who said so, and of those who said nothing the owners and admins. */
const READERS = `select m.user_id, u.email, coalesce(a.language, o.language) as language
  from memberships m join users u on u.id = m.user_id join organizations o on o.id = m.organization_id
  left join private.alert_settings a on a.organization_id = m.organization_id and a.user_id = m.user_id
 where coalesce(a.by_mail, m.role in ('owner', 'admin'))`;

/**
 * Raises and resolves alerts in the transaction of the change that is their reason: both happen or neither. The caller holds
 * the number's lease, so that one node at a time does.
 */
@Injectable()
export class AlertRaiser {
  constructor(
    private readonly config: Config,
    private readonly system: SystemDb,
    private readonly facts: Facts,
    private readonly mailer: Mailer,
    private readonly signals: Signals,
  ) {}

  /** The state of a number changed. @returns whether `wake` is to be called after the commit */
  async follow(sql: TenantSql, of: Number, now: NumberStatus): Promise<boolean> {
    const kind = now.silent ? 'silent' : alertOf(now);
    if (kind) return this.raise(sql, of, kind);
    if (now.deleted || isWithdrawn(now)) return this.resolve(sql, of, 'withdrawn', 'true', []);
    if (now.state === 'connected') return this.resolve(sql, of, 'recovered', 'kind = any ($3)', [MENDED_BY_CONNECTING]);
    return false;
  }

  /** A number has been connected for so long. @returns as `follow` */
  async stayed(sql: TenantSql, of: Number, connectedForMs: number): Promise<boolean> {
    const { rows } = await sql.query<Row>(
      'select id, occurrences from alerts where session_id = $1 and resolved_at is null',
      [of.session],
    );
    const well = rows.filter(({ occurrences }) => connectedForMs >= wellAfterMs(occurrences)).map(({ id }) => id);
    return well.length > 0 && this.resolve(sql, of, 'recovered', 'id = any ($3)', [well]);
  }

  /** Which of these numbers have open alerts: most have none. */
  async withAlerts(numbers: readonly Number[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.system.query<{ session_id: string }>({
      name: 'alerts.open_of',
      text: `select distinct session_id from alerts join unnest($1::uuid[], $2::uuid[]) as n (organization_id, session_id)
              using (organization_id, session_id) where resolved_at is null`,
      values: [numbers.map(({ organization }) => organization), numbers.map(({ session }) => session)],
    });
    return new Set(rows.map(({ session_id: session }) => session));
  }

  /** Has what was written leave now, and not at the next sweep. */
  wake(): void {
    this.mailer.wake();
    this.signals.send('alert_deliveries', {});
  }

  /**
   * What is open already, or was a moment ago, happened once more; people are told again only of what they think is over.
   * @returns as `follow`
   */
  async raise(sql: TenantSql, of: Subject, kind: AlertKind): Promise<boolean> {
    const { column, id: subject } = about(of);
    const { rows: before } = await sql.query<{ id: AlertId; open: boolean }>(
      `select id, resolved_at is null as open from alerts
        where ${column} = $1 and kind = $2
          and (resolved_at is null or resolution = 'recovered' and resolved_at > now() - $3 * interval '1 ms')
        order by resolved_at desc nulls first limit 1 for update`,
      [subject, kind, SAME_WITHIN_MS],
    );
    const [same] = before;
    const { rows } = same
      ? await sql.query<Row>(
          `update alerts set occurrences = occurrences + 1, last_raised_at = now(), resolved_at = null, resolution = null,
                  acknowledged_at = case when $2 then acknowledged_at end, acknowledged_by = case when $2 then acknowledged_by end
            where id = $1 returning id, kind, occurrences, mailed_to`,
          [same.id, same.open],
        )
      : await sql.query<Row>(
          `insert into alerts (organization_id, id, ${column}, kind) values ($1, $2, $3, $4) returning id, kind, occurrences, mailed_to`,
          [of.organization, newId(), subject, kind],
        );
    for (const { id, occurrences } of rows) {
      await this.facts.addSql(sql, alertRaised({ ...of, id, kind }, occurrences));
      if (!same?.open) await this.tell(sql, of, id, { kind, resolution: null });
    }
    return true;
  }

  /** Nobody has to do anything about it any more. @returns as `follow` */
  resolveAll(sql: TenantSql, of: Endpoint, resolution: AlertResolution): Promise<boolean> {
    return this.resolve(sql, of, resolution, 'true', []);
  }

  private async resolve(
    sql: TenantSql,
    of: Subject,
    resolution: AlertResolution,
    which: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    const { column, id: subject } = about(of);
    const { rows } = await sql.query<Row>(
      `update alerts set resolved_at = now(), resolution = $2 where ${column} = $1 and resolved_at is null and ${which}
       returning id, kind, occurrences, mailed_to`,
      [subject, resolution, ...values],
    );
    for (const { id, kind, mailed_to } of rows) {
      await this.facts.addSql(sql, alertResolved({ ...of, id, kind }, resolution));
      await this.tell(sql, of, id, { kind, resolution, mailedTo: mailed_to ?? [] });
    }
    return rows.length > 0;
  }

  /** By mail and wherever else; of its end only those who were told of the alert. */
  private async tell(
    sql: TenantSql,
    of: Subject,
    id: AlertId,
    { mailedTo, ...what }: Pick<Told, 'kind' | 'resolution'> & { mailedTo?: readonly UserId[] },
  ): Promise<void> {
    const { id: subject, name: naming, page } = about(of);
    const { rows } = await sql.query<{ name: string; language: Language }>(
      `select (${naming}) as name, o.language from organizations o`,
      [subject],
    );
    const [{ name, language } = { name: '', language: 'en' as Language }] = rows;
    const told = { ...what, name, url: `${this.config.http.address}${page}` };
    const { rows: readers } = await sql.query<Reader>(READERS);
    const mailed = readers.filter(({ user_id: user }) => mailedTo?.includes(user) ?? true);
    for (const { email, language: own } of mailed)
      await this.mailer.addSql(sql, of.organization, alertMail(email, own, told));
    if (!mailedTo)
      await sql.query('update alerts set mailed_to = $2 where id = $1', [id, mailed.map(({ user_id: user }) => user)]);
    await sql.query(
      `insert into private.alert_deliveries (organization_id, destination_id, alert_id, text)
       select organization_id, id, $1, $2 from private.alert_destinations d
        where not $3 or exists (select from private.alert_deliveries e where e.destination_id = d.id and e.alert_id = $1)`,
      [id, alertText(language, told), mailedTo !== undefined],
    );
  }
}
