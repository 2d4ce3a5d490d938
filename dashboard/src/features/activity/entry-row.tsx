'use client';
import type { AuditEntryView, AuditTargetType } from '@wasel/backend/contract';
import {
  BellRing,
  Bot,
  Building2,
  ChevronDown,
  ContactRound,
  FileText,
  KeyRound,
  type LucideIcon,
  MailPlus,
  Megaphone,
  MessageCircle,
  Send,
  Smartphone,
  Tag,
  UserRound,
  UsersRound,
  Webhook,
} from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { cx } from '@/lib/cx';
import { IconButton } from '@/ui/button';
import { IconTile } from '@/ui/icon-tile';
import { Changes } from './changes';
import type { Names } from './use-names';
import { Link } from '@/ui/link';

/** What things are done to, with the icon of each. */
export const TARGETS: Readonly<Record<AuditTargetType, LucideIcon>> = {
  alert: BellRing,
  alert_destination: Webhook,
  api_key: KeyRound,
  automation: Bot,
  broadcast: Megaphone,
  contact: ContactRound,
  contact_list: ContactRound,
  contact_tag: Tag,
  conversation: MessageCircle,
  group: UsersRound,
  invitation: MailPlus,
  import: FileText,
  job: Send,
  member: UserRound,
  message: MessageCircle,
  notification: Megaphone,
  organization: Building2,
  session: Smartphone,
  template: FileText,
  webhook_delivery: Webhook,
  webhook_endpoint: Webhook,
};

/** A type that is newer than this page has the icon of the whole. */
const iconOf = (type: string): LucideIcon => (TARGETS as Record<string, LucideIcon>)[type] ?? Building2;

/** One thing that somebody did: the sentence, what it changed, and the rest for who asks. */
export function EntryRow({ entry, names }: { entry: AuditEntryView; names: Names }) {
  const t = useTranslations('activity');
  const format = useFormatter();
  const id = useId();
  const [open, setOpen] = useState(false);
  const changes = Object.entries(entry.changes);
  const changed = changes.filter(([, { from, to }]) => from !== undefined && to !== undefined);
  return (
    <li className="flex gap-3 py-3">
      <IconTile icon={iconOf(entry.target.type)} />
      <div className="grid min-w-0 grow grid-cols-1 content-center gap-0.5">
        <p className="text-sm leading-6 wrap-anywhere">
          <Sentence entry={entry} names={names} />
        </p>
        {changed.length > 0 ? <Changes changes={changed} /> : null}
        <time dateTime={entry.time} className="text-xs leading-5 text-quiet">
          {format.dateTime(new Date(entry.time), { timeStyle: 'short' })}
        </time>
        <div id={id} hidden={!open} className="mt-1 border-s-2 border-line ps-3">
          {open ? <Details entry={entry} changes={changes.filter((change) => !changed.includes(change))} /> : null}
        </div>
      </div>
      <IconButton
        look="ghost"
        label={t('details')}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <ChevronDown className={cx('size-5 transition', open && 'rotate-180')} aria-hidden />
      </IconButton>
    </li>
  );
}

/** Who did what to what, in the words of the reader; an action without words is told by its name. */
function Sentence({ entry: { actor, action, target }, names }: { entry: AuditEntryView; names: Names }) {
  const t = useTranslations('activity');
  const who = names.of(actor.id) ?? actor.name;
  const what = names.of(target.id);
  const nameless = t.has(`nameless.${target.type}`) ? t(`nameless.${target.type}`) : target.id;
  return t.rich(t.has(`actions.${action}`) ? `actions.${action}` : 'unknown', {
    actor: actor.type === 'key' ? t('key', { name: who }) : who,
    target: what ?? nameless,
    action,
    who: (name) => <bdi className="font-medium">{name}</bdi>,
    what: (name) => {
      if (what === undefined) return name;
      if (target.type !== 'session' || names.foreign) return <bdi className="font-medium">{name}</bdi>;
      return (
        <Link href={`/numbers/${target.id}`} className="font-medium underline-offset-4 hover:underline">
          <bdi>{name}</bdi>
        </Link>
      );
    },
  });
}

/** From where, when to the second, by which account; and what it began or ended with. */
function Details({
  entry: { actor, time, address },
  changes,
}: {
  entry: AuditEntryView;
  changes: React.ComponentProps<typeof Changes>['changes'];
}) {
  const t = useTranslations('activity');
  const format = useFormatter();
  const facts = [
    ['account', t(`actors.${actor.type}`), actor.name],
    ['address', t('address'), address ?? t('noAddress')],
    ['time', t('time'), format.dateTime(new Date(time), { dateStyle: 'full', timeStyle: 'medium' })],
  ] as const;
  return (
    <>
      <dl className="grid grid-cols-1 gap-y-0.5 text-sm leading-6 text-quiet">
        {facts.map(([key, name, value]) => (
          <div key={key} className="flex min-w-0 flex-wrap gap-x-1.5">
            <dt>{t('field', { name })}</dt>
            <dd className="min-w-0">
              <bdi className="wrap-anywhere text-ink">{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {changes.length > 0 ? <Changes changes={changes} /> : null}
    </>
  );
}
