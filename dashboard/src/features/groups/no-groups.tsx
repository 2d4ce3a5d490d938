'use client';
import { useQuery } from '@tanstack/react-query';
import { Smartphone, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { HelpLink } from '@/features/help/help-link';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { EmptyState } from '@/ui/states';

/** Why there is none, and what to do: no number is linked, none is connected, or WhatsApp has told of none. */
export default function NoGroups() {
  const t = useTranslations('groups.empty');
  const { data: sessions } = useQuery(sessionsQuery());
  if (!sessions) return null;
  const linked = sessions.filter(({ phone_number: phone }) => phone !== null);
  if (linked.length === 0)
    return (
      <EmptyState
        title={t('noNumber.title')}
        icon={<Smartphone className="size-6" />}
        action={
          <Link href="/numbers?add" className={buttonClass()}>
            {t('noNumber.action')}
          </Link>
        }
      >
        {t('noNumber.text')}
      </EmptyState>
    );
  const why = linked.some(({ state }) => state === 'connected') ? 'none' : 'away';
  return (
    <EmptyState
      title={t(`${why}.title`)}
      icon={<UsersRound className="size-6" />}
      action={
        why === 'away' ? (
          <Link href="/numbers" className={buttonClass()}>
            {t('away.action')}
          </Link>
        ) : (
          <HelpLink topic="groups#see">{t('none.action')}</HelpLink>
        )
      }
    >
      {t(`${why}.text`)}
    </EmptyState>
  );
}
