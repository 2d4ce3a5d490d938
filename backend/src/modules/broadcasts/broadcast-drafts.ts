import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { SessionId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { ImportsService } from '../imports/imports.service.ts';
import { MediaService } from '../media/media.service.ts';
import { TemplateInactive, TemplateNotFound } from '../templates/templates.errors.ts';
import type { Fillable } from '../templates/templates.repository.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import { AudienceRepository } from './audience.repository.ts';
import type { Recipient } from './audience.rules.ts';
import {
  BROADCAST_MAX,
  type BroadcastContent,
  type BroadcastNumber,
  type BroadcastPreview,
  type ImportAudience,
  type PreviewBroadcast,
} from './broadcasts.dto.ts';
import { type Said, type Unsaid, type Values, valuesOf, type Writer, writerOf } from './content.rules.ts';
import { SendersRepository } from './senders.repository.ts';
import { chatsLeft, chatsOn, doneAt, type Sender, spread } from './senders.rules.ts';
import { faultOf, parseSpintax, type SpintaxFault } from './spintax.rules.ts';

/** Somebody who is written to, and by which number. */
export type Addressee = Recipient & Readonly<{ values: Values; session: string; begins: boolean }>;

/** What a broadcast would be at this moment. */
export type Draft = Readonly<{
  addressees: readonly Addressee[];
  excluded: readonly Recipient[];
  duplicates: number;
  senders: readonly Sender[];
  numbers: readonly BroadcastNumber[];
  startsAt: Date;
  refusals: BroadcastPreview['refusals'];
  /** @param seed what makes the texts of one broadcast others than those of the next */
  say: (addressee: Addressee, seed: string) => Said;
}>;

/** A row of a file: what its columns say, and its number where it has one. */
type Row = Readonly<{ line: number; phone: string | null; values: Readonly<Record<string, string>> }>;

const FAULTS: Readonly<Record<SpintaxFault, string>> = {
  too_deep: 'There are more than ten choices within each other.',
  too_many_alternatives: 'There are more than 4,096 alternatives.',
  may_be_blank: 'One of the alternatives says nothing at all.',
};

/** Works out what a broadcast would be; for looking at it, and for launching it. Nothing is written. */
@Injectable()
export class BroadcastDrafts {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly people: AudienceRepository,
    private readonly senders: SendersRepository,
    private readonly imports: ImportsService,
    private readonly templates: TemplatesService,
    private readonly media: MediaService,
  ) {}

  /**
   * @throws SessionRequired | SessionNotFound | GroupNotFound | TagNotFound | ContactListNotFound | ContactNotFound | ImportNotFound | ImportNotReady
   *   | TemplateNotFound | TemplateInactive | MediaNotFound | MediaTypeMismatch | BroadcastTooLarge | RequestInvalid
   */
  async of(sql: TenantSql, request: PreviewBroadcast): Promise<Draft> {
    const { audience, content, variables = {} } = request;
    const now = this.clock.now();
    const senders = await this.senders.of(sql, request.session_ids, now);
    const writer = await this.writerOf(sql, content);
    const rows = audience.import ? await this.rowsOf(sql, audience.import) : [];
    const given = (audience.phone_numbers ?? []).map((phone) => ({ phone, values: {} }));
    const numbers = [...given, ...rows.flatMap((row) => (row.phone === null ? [] : { ...row, phone: row.phone }))];
    const { recipients, duplicates } = await this.people.of(
      sql,
      audience,
      numbers.map(({ phone }) => phone),
      senders.map(({ session }) => session),
    );
    const meant = recipients.map((one) => ({
      ...one,
      values: valuesOf(one, Object.assign({}, ...one.given.map((n) => numbers[n - 1]?.values).toReversed()), variables),
    }));
    const written = meant.map((one) => ({ ...one, ...(one.exclusion ? null : writer.unsaid(one.values)) }));
    const reached = written.filter(({ exclusion }) => exclusion === null);
    const startsAt =
      request.scheduled_at && new Date(request.scheduled_at) > now ? new Date(request.scheduled_at) : now;
    const addressees = this.addressed(reached, senders, now);
    const work = senders.map((sender) => this.numberOf(sender, addressees, startsAt, now));
    return {
      addressees,
      excluded: [...written.filter(({ exclusion }) => exclusion !== null), ...rows.flatMap(withoutAddress)],
      duplicates,
      senders,
      numbers: work,
      startsAt,
      refusals: refusalsOf(request, addressees.length, senders, work),
      say: (addressee, seed) =>
        writer.say(addressee.values, `${seed} ${addressee.into ?? addressee.phone ?? addressee.lid}`),
    };
  }

  /** Each on the number that he spoke with last; strangers on those that come to them first. */
  private addressed(
    people: readonly (Recipient & { values: Values })[],
    senders: readonly Sender[],
    now: Date,
  ): Addressee[] {
    const strangers = people.filter(({ chat }) => chat === null).length;
    const places = spread(this.config.outbox, senders, strangers, now);
    let next = 0;
    return people.map((one) => {
      if (one.chat) return { ...one, session: one.chat.session, begins: one.chat.is_new };
      return { ...one, session: senders[places[next++] ?? 0]?.session ?? '', begins: true };
    });
  }

  private numberOf(sender: Sender, addressees: readonly Addressee[], startsAt: Date, now: Date): BroadcastNumber {
    const own = addressees.filter(({ session }) => session === sender.session);
    const fresh = own.filter(({ begins }) => begins).length;
    const done = doneAt(this.config.outbox, sender, { old: own.length - fresh, fresh }, startsAt);
    return {
      session_id: SessionId.parse(sender.session),
      recipients: own.length,
      new_chats: fresh,
      new_chats_per_day: chatsOn(this.config.outbox, sender, startsAt),
      new_chats_left_today: chatsLeft(this.config.outbox, sender, now),
      done_at: done?.toISOString() ?? null,
    };
  }

  private async writerOf(sql: TenantSql, content: BroadcastContent): Promise<Writer> {
    if (content.type === 'template') return writerOf(content, await this.templateOf(sql, content.template_id));
    if (content.type !== 'text') await this.media.assertSendable(sql, content.media_id, content.type);
    const [field, text] = content.type === 'text' ? ['text', content.text] : ['caption', content.caption];
    const fault = text === undefined ? null : faultOf(parseSpintax(text));
    if (fault) throw new RequestInvalid([{ path: ['content', field ?? ''], message: FAULTS[fault] }]);
    return writerOf(content, null);
  }

  private async templateOf(sql: TenantSql, id: string): Promise<Fillable> {
    const template = (await this.templates.load(sql, [id])).get(id);
    if (!template) throw new TemplateNotFound(id);
    if (!template.active) throw new TemplateInactive(id);
    return template;
  }

  private async rowsOf(sql: TenantSql, audience: ImportAudience): Promise<Row[]> {
    const { import_id: id, phone_column: phoneColumn, country, variables = {} } = audience;
    const rows = await this.imports.people(sql, id, { phoneColumn, country });
    const columns = Object.entries(variables);
    return rows.map(({ line, phone, cells }) => ({
      line,
      phone,
      values: Object.fromEntries(columns.map(([name, column]) => [name, cells[column] ?? ''])),
    }));
  }
}

/** A row of whom nobody knows where to write to. */
function withoutAddress({ line, phone }: Row): Recipient[] {
  if (phone !== null) return [];
  const nobody = { contact: null, into: null, phone: null, lid: null, name: null, group: null, given: [], chat: null };
  return [{ ...nobody, exclusion: 'no_address', detail: String(line) } satisfies Recipient & Unsaid];
}

function refusalsOf(
  { expires_at: end }: PreviewBroadcast,
  count: number,
  senders: readonly Sender[],
  numbers: readonly BroadcastNumber[],
): BroadcastPreview['refusals'] {
  const none = { session_id: null };
  const found: BroadcastPreview['refusals'] = [];
  if (count === 0) found.push({ ...none, refusal: 'no_recipients', detail: 'Nobody would be written to.' });
  if (count > BROADCAST_MAX)
    found.push({
      ...none,
      refusal: 'too_many_recipients',
      detail: `A broadcast has at most ${BROADCAST_MAX} recipients; these are ${count}.`,
    });
  for (const [n, number] of numbers.entries()) {
    const of = { session_id: number.session_id };
    if (!senders[n]?.linked)
      found.push({ ...of, refusal: 'session_not_linked', detail: 'Link this number first, or leave it out.' });
    else if (number.new_chats > 0 && number.new_chats_per_day === 0)
      found.push({ ...of, refusal: 'new_chats_not_allowed', detail: 'This number is set to begin no chats.' });
    else if (end !== undefined && (number.done_at === null || number.done_at > new Date(end).toISOString()))
      found.push({
        ...of,
        refusal: 'expires_before_sent',
        detail: 'At its pace and its new chats of a day this number is not done in time.',
      });
  }
  return found;
}
