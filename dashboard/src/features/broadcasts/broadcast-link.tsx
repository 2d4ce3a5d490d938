'use client';
import { may } from '@wasel/backend/contract/words';
import { Megaphone } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';

/** The way from a group to a broadcast to its people, for who may launch one. */
export function BroadcastLink({ jid }: { jid: string }) {
  const t = useTranslations('broadcasts');
  const { data: membership } = useMembership();
  if (!membership || !may(membership.role, 'broadcasts:send')) return null;
  return (
    <Link href={`/broadcasts/new?group=${encodeURIComponent(jid)}`} className={buttonClass()}>
      <Megaphone className="size-4 rtl:-scale-x-100" aria-hidden /> {t('toGroup')}
    </Link>
  );
}
