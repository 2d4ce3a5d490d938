import pg from 'pg';
import type { House } from '../../testing/house/house.ts';

export type Past = Readonly<{
  /** Of this number, in the conversation in which something was said last. */
  session: string;
  count: number;
  /** Each says this and its number, and some of them more. */
  text: string;
  /** When the first one came; the others did a millisecond after each other. */
  since: Date;
}>;

/** Does something to the database of a house as whoever may do anything there. */
export async function asAdmin<T>(house: House, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: house.adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Messages that somebody is said to have written, more than a test could wait for: straight into the tables. */
export function writePast(house: House, { session, count, text, since }: Past): Promise<void> {
  return asAdmin(house, async (admin) => {
    await admin.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, sent_at)
       select c.organization_id, (lpad(to_hex($2::bigint + n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid, c.session_id, c.id,
              'inbound', 'text', $3 || ' ' || n || repeat(' and more', n % 40), 'received', 'PAST' || n, now()
         from (select * from conversations where session_id = $1 order by last_message_at desc nulls last limit 1) c,
              generate_series(1, $4::int) n`,
      [session, since.getTime(), text, count],
    );
    await admin.query('analyze messages'); // as the database does by itself a minute later
  });
}
