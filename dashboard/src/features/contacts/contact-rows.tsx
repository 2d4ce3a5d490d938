'use client';
import type { ContactSummary } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';
import { Link } from '@/ui/link';
import { LongList } from '@/ui/long-list';
import { Chip } from '@/ui/states';

/** Of a row that was not drawn yet, and between two, in pixels. */
const HEIGHT = 74;
const GAP = 8;

/** @param complete whether there are no more */
export default function ContactRows({
  contacts,
  complete,
}: {
  contacts: readonly ContactSummary[];
  complete: boolean;
}) {
  return (
    <LongList items={contacts} complete={complete} height={HEIGHT} gap={GAP} className="grid grid-cols-1">
      {(contact) => <ContactRow contact={contact} />}
    </LongList>
  );
}

function ContactRow({ contact }: { contact: ContactSummary }) {
  const t = useTranslations('contacts');
  const { id, name, phone_number: phone, tags, opted_out_at: out } = contact;
  return (
    <Link href={`/contacts/${id}`} className="card flex min-w-0 items-center gap-3 p-3 hover:bg-raised sm:p-4">
      <Avatar name={name} />
      <span className="grid min-w-0 grow grid-cols-1 gap-1">
        <span className="truncate font-medium">
          {name === null ? phone === null ? t('noNumber') : <bdi dir="ltr">{phone}</bdi> : <bdi>{name}</bdi>}
        </span>
        {name === null ? null : (
          <span className="text-sm text-quiet">{phone === null ? t('noNumber') : <bdi dir="ltr">{phone}</bdi>}</span>
        )}
        {tags.length > 0 || out ? (
          <span className="flex flex-wrap gap-1.5">
            {out ? (
              <span className="rounded-full bg-bad-soft px-2.5 py-0.5 text-xs font-medium text-bad">
                {t('optedOut')}
              </span>
            ) : null}
            {tags.map((tag) => (
              <Chip key={tag.id}>
                <bdi>{tag.name}</bdi>
              </Chip>
            ))}
          </span>
        ) : null}
      </span>
    </Link>
  );
}
