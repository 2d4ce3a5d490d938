import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Config } from '../../config/config.ts';
import { OrganizationId, type UserId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { OrganizationNotFound, OrganizationRequired } from './auth.errors.ts';
import { JOIN_STANDING, type Member, STANDING_COLUMNS, standingOf, type StandingRow, type User } from './caller.ts';
import type { Role } from './permissions.ts';

/** People whose row is known to be right; the others are written at first sight. */
const KNOWN_USERS_MAX = 10_000;

/**
 * Which organizations a person belongs to. Asked before any organization is known, so as the system; every request asks
 * again, so that a membership that was taken away ends at once.
 */
@Injectable()
export class Memberships {
  private readonly known = new LRUCache<string, true>({ max: KNOWN_USERS_MAX });

  constructor(
    private readonly config: Config,
    private readonly system: SystemDb,
  ) {}

  /** @param asked the header X-Org-Id @throws OrganizationRequired | OrganizationNotFound */
  async resolve(user: UserId, asked: string | undefined): Promise<Member> {
    const memberships = await this.of(user);
    if (asked === undefined) {
      const [only, ...more] = memberships;
      if (!only || more.length > 0) throw new OrganizationRequired(memberships.length);
      return only;
    }
    const member = memberships.find(({ organization }) => organization === asked.toLowerCase());
    if (!member) throw new OrganizationNotFound();
    return member;
  }

  /** The oldest first. */
  async of(user: UserId): Promise<Member[]> {
    const { rows } = await this.system.query<{ organization_id: string; role: Role } & StandingRow>({
      name: 'memberships.of',
      text: `select organization_id, m.role, ${STANDING_COLUMNS} from memberships m ${JOIN_STANDING}
              where m.user_id = $1 order by m.created_at, organization_id`,
      values: [user],
    });
    return rows.map((row) => ({
      organization: OrganizationId.parse(row.organization_id),
      role: row.role,
      standing: standingOf(row),
    }));
  }

  /**
   * Writes a person down when he is seen for the first time, or with another address. The embedded issuer writes a change of
   * address itself: a token of before, which still holds for minutes, is not to undo it.
   */
  async remember({ id, email, name }: User): Promise<void> {
    const key = `${id} ${email}`;
    if (this.known.has(key)) return;
    await this.system.query(
      `insert into users (id, email, name) values ($1, $2, $3)
       on conflict (id) do update set email = excluded.email, updated_at = now() where users.email <> excluded.email and $4`,
      [id, email, name, this.config.auth.provider === 'supabase'],
    );
    this.known.set(key, true);
  }
}
