'use client';
import { AtSign, ChartBar, FileText, Image as Picture, MapPin, Mic, Paperclip, UserRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, useRef, useState } from 'react';
import { Menu, MenuItem } from '@/ui/menu';
import { type Attached, attach as attachOf, type SendAs } from './message.rules';

/** What is filled in and not chosen. */
export const FORMS = {
  poll: lazy(() => import('./poll-form')),
  location: lazy(() => import('./place-form')),
  contact: lazy(() => import('./card-form')),
};
export type FormName = keyof typeof FORMS;

/** What the browser offers to choose, and what is sent of it, where that is not said by the file. */
const FILES: readonly { name: string; accept: string; as?: SendAs; Icon: typeof Mic }[] = [
  { name: 'picture', accept: 'image/*,video/*', Icon: Picture },
  { name: 'audio', accept: 'audio/*', Icon: Mic },
  { name: 'document', accept: '', as: 'document', Icon: FileText },
];
const OTHERS: readonly { name: FormName; Icon: typeof Mic }[] = [
  { name: 'location', Icon: MapPin },
  { name: 'contact', Icon: UserRound },
  { name: 'poll', Icon: ChartBar },
];

/** Everything that can be sent besides text. */
export function AttachMenu({
  attach,
  fillIn,
  mentionAll,
}: {
  attach: (attached: Attached) => void;
  fillIn: (form: FormName) => void;
  /** In a group: tells everybody of what is sent. */
  mentionAll: (() => void) | undefined;
}) {
  const t = useTranslations('inbox');
  const picker = useRef<HTMLInputElement>(null);
  const [as, setAs] = useState<SendAs>();

  function choose(accept: string, how: SendAs | undefined): void {
    setAs(how);
    if (!picker.current) return;
    picker.current.accept = accept;
    picker.current.click();
  }
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={t('attach')}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) attach(attachOf(file, as));
          currentTarget.value = ''; // else the same file cannot be chosen again after it was removed
        }}
      />
      <Menu label={t('attach')} icon={<Paperclip className="size-5" aria-hidden />}>
        {(leave) => (
          <>
            {FILES.map(({ name, accept, as: how, Icon }) => (
              <MenuItem
                key={name}
                icon={<Icon className="size-4" aria-hidden />}
                onClick={() => {
                  leave();
                  choose(accept, how);
                }}
              >
                {t(`attachments.${name}`)}
              </MenuItem>
            ))}
            {OTHERS.map(({ name, Icon }) => (
              <MenuItem
                key={name}
                icon={<Icon className="size-4" aria-hidden />}
                onClick={() => {
                  leave();
                  fillIn(name);
                }}
              >
                {t(`attachments.${name}`)}
              </MenuItem>
            ))}
            {mentionAll ? (
              <MenuItem
                icon={<AtSign className="size-4" aria-hidden />}
                onClick={() => {
                  leave();
                  mentionAll();
                }}
              >
                {t('mentionAll')}
              </MenuItem>
            ) : null}
          </>
        )}
      </Menu>
    </>
  );
}
