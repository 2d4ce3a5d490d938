import { newId, OrganizationId } from '../kernel/ids.ts';
import type { BroadcastPreview, BroadcastView, RecipientPage } from '../modules/broadcasts/broadcasts.dto.ts';
import { aContact, aPhoneNumber, aSession } from './factories.ts';
import { insert, type Row } from './insert.ts';
import { startApi, type TestApi, type TestPerson } from './start-api.ts';

export type BroadcastProblem = {
  code: string;
  errors: { pointer: string; detail: string }[];
  refusals: { refusal: string }[];
};

/** Somebody of a group, by number or privacy address, and what he is there. */
type Member = Readonly<{ phone_number?: string; lid?: string; role?: string | null }>;

/** Dana, who writes to many from a number that leads nowhere, and Omar of another organization. */
export class BroadcastDesk {
  private constructor(
    readonly api: TestApi,
    readonly dana: TestPerson,
    readonly omar: TestPerson,
    readonly organization: OrganizationId,
    readonly session: string,
  ) {}

  static async start(): Promise<BroadcastDesk> {
    const api = await startApi({ LOG_LEVEL: 'silent' });
    const dana = await api.signUpOwner('Dana', 'Acme');
    const omar = await api.signUpOwner('Omar', 'Other');
    const organization = OrganizationId.parse(dana.organization);
    const session = await aSession(api.database.admin, organization, { is_default: true });
    return new BroadcastDesk(api, dana, omar, organization, session);
  }

  close = (): Promise<void> => this.api.close();

  preview = (body: object, by = this.dana) =>
    by.call<BroadcastPreview & BroadcastProblem>('POST', '/broadcasts/preview', body);

  launch = (body: object, headers: Record<string, string> = {}, by = this.dana) =>
    by.call<BroadcastView & BroadcastProblem>('POST', '/broadcasts', { name: 'Friday', ...body }, headers);

  get = async (id: string): Promise<BroadcastView> =>
    (await this.dana.call<BroadcastView>('GET', `/broadcasts/${id}`)).body;

  recipients = async (id: string, query = ''): Promise<RecipientPage['items']> =>
    (await this.dana.call<RecipientPage>('GET', `/broadcasts/${id}/recipients?limit=100${query}`)).body.items;

  rows = async <R extends object>(sql: string, ...values: unknown[]): Promise<R[]> =>
    (await this.api.database.admin.query<R>(sql, values)).rows;

  contact = async (over: Row = {}): Promise<{ id: string; phone: string }> => {
    const phone = aPhoneNumber();
    const { id } = await aContact(this.api.database.admin, this.organization, { phone_number: phone, ...over });
    return { id, phone: (over['phone_number'] as string | undefined) ?? phone };
  };

  /** A group with these people in it. @returns its jid */
  group = async (people: readonly Member[]): Promise<string> => {
    const { admin } = this.api.database;
    const of = { organization_id: this.organization };
    const jid = `${Date.now()}${Math.floor(Math.random() * 1e6)}@g.us`;
    const group = await insert(admin, 'groups', { ...of, id: newId(), jid, subject: 'Choir', told_at: new Date() });
    for (const person of people)
      await insert(admin, 'group_participants', {
        ...of,
        group_id: group.id,
        id: newId(),
        role: 'member',
        changed_at: new Date(),
        ...person,
      });
    return jid;
  };
}
