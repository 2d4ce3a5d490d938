'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Link } from '@/ui/link';
import { SkeletonRows } from '@/ui/states';
import { join, linkInfoQuery, useChange, useFollowed } from './changes.api';
import { resultOf } from './changes.rules';
import { GroupFace } from './group-face';
import { groupHref } from './groups.links';
import { useLinked } from './use-linked';
import { NumberChoice } from './number-choice';
import { Done, Standing } from './outcome';

/** Joins by a link, after a look at where it leads. */
export default function JoinDialog({ leave }: { leave: () => void }) {
  const t = useTranslations('groups.changes');
  const number = useLinked();
  const [link, setLink] = useState<string>();
  return (
    <Dialog title={t('join.title')} close={t('close')} open onOpenChange={leave}>
      <div className="grid grid-cols-1 gap-5">
        <form
          className="grid grid-cols-1 gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            setLink(textOf(new FormData(event.currentTarget), 'link').trim());
          }}
        >
          <NumberChoice choice={number} />
          {number.session ? null : <p className="text-sm leading-6 text-quiet">{t('create.noNumber')}</p>}
          <Field
            label={t('join.link')}
            name="link"
            dir="ltr"
            inputMode="url"
            placeholder="https://chat.whatsapp.com/…"
            maxLength={200}
            autoComplete="off"
            required
            onChange={() => setLink(undefined)}
          />
          {link === undefined ? (
            <Button type="submit" disabled={!number.session}>
              {t('join.look')}
            </Button>
          ) : null}
        </form>
        {link !== undefined && number.session ? (
          <Behind key={`${link} ${number.session.id}`} link={link} session={number.session.id} />
        ) : null}
      </div>
    </Dialog>
  );
}

/** Where the link leads. */
function Behind({ link, session }: { link: string; session: string }) {
  const t = useTranslations('groups.changes');
  const g = useTranslations('groups');
  const asked = useQuery(linkInfoQuery(link, session));
  const seen = useFollowed(asked.data);
  const work = useChange(join);
  const group = resultOf(seen.done)?.group;
  const joined = resultOf(work.done)?.joined;
  const error = asked.error ?? seen.error;
  if (!group)
    return error || seen.isGoingOn ? <Standing isGoingOn={seen.isGoingOn} error={error} /> : <SkeletonRows rows={1} />;
  return (
    <div className="grid grid-cols-1 gap-4 rounded-lg border border-line p-4">
      <div className="flex min-w-0 items-center gap-3">
        <GroupFace group={group} />
        <div className="grid min-w-0">
          <bdi className="truncate font-medium">{group.subject}</bdi>
          <span className="text-sm text-quiet">{g('people', { count: group.size })}</span>
        </div>
      </div>
      {group.description ? (
        <p dir="auto" className="line-clamp-4 text-sm leading-6 wrap-anywhere whitespace-pre-line text-quiet">
          {group.description}
        </p>
      ) : null}
      {joined ? (
        <>
          <Done>{t(`join.${joined}`)}</Done>
          {joined === 'requested' ? null : (
            <Link href={groupHref(group.jid)} className={buttonClass()}>
              {t('create.open')}
            </Link>
          )}
        </>
      ) : (
        <>
          {group.join_approval ? <p className="text-sm leading-6 text-quiet">{t('join.approval')}</p> : null}
          <Standing {...work} />
          <Button busy={work.isAsking || work.isGoingOn} onClick={() => work.ask({ session_id: session, link })}>
            {t(group.join_approval ? 'join.ask' : 'join.submit')}
          </Button>
        </>
      )}
    </div>
  );
}
