'use client';
import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { meQuery } from '@/features/account/account.api';
import { HelpIcon } from '@/features/help/help-icon';
import { session } from '@/lib/auth';
import { Avatar } from '@/ui/avatar';
import { IconButton } from '@/ui/button';
import { LanguageSelect, ThemeButton } from './preferences';

/** Who looks, how it looks to him, and the way out. Loaded apart: nobody needs it at first. */
export default function Account() {
  const t = useTranslations('shell');
  const { data: me } = useQuery(meQuery());
  return (
    <div className="grid gap-3 border-t border-line pt-3">
      <div className="flex items-center gap-1">
        <LanguageSelect className="min-w-0 grow" />
        <HelpIcon />
        <ThemeButton />
      </div>
      <div className="flex items-center gap-2.5">
        <Avatar name={me?.name ?? null} className="size-9 text-xs" />
        <div className="grid min-w-0 grow text-sm">
          <span dir="auto" className="text-beside truncate font-medium">
            {me?.name}
          </span>
          <span dir="ltr" className="text-beside truncate text-xs text-quiet">
            {me?.email}
          </span>
        </div>
        <IconButton
          look="ghost"
          label={t('signOut')}
          onClick={() => void session.signOut().then(() => location.assign('/'))}
        >
          <LogOut className="size-5 rtl:-scale-x-100" aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
