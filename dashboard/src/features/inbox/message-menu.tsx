'use client';
import type { MessageView } from '@wasel/backend/contract';
import { Copy, Ellipsis, Forward, Info, Pencil, Reply, Trash2 } from 'lucide-react';
import { useNow, useTranslations } from 'next-intl';
import { Menu, MenuItem } from '@/ui/menu';
import { useActions, useChatting } from './chat-actions';
import { useReact } from './inbox.api';
import { canDelete, canEdit, canForward, isThere } from './message.rules';

const EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const ICON = 'size-4';

/** What can be done with a message. On a screen with a pointer the button comes with it. */
export function MessageMenu({ message, active }: { message: MessageView; active: boolean }) {
  const t = useTranslations('inbox.menu');
  return (
    <Menu
      label={t('open')}
      icon={<Ellipsis className="size-4" aria-hidden />}
      tabIndex={active ? 0 : -1}
      className="rounded-full pointer-fine:opacity-0 pointer-fine:group-focus-within/message:opacity-100 pointer-fine:group-hover/message:opacity-100 pointer-fine:aria-expanded:opacity-100"
    >
      {(leave) => <Offers message={message} leave={leave} />}
    </Menu>
  );
}

function Offers({ message, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.menu');
  const { reply, edit, ask } = useActions();
  const { sends } = useChatting();
  const now = useNow();
  const { text } = message;
  /** The focus goes to what is opened then, and from there comes back. */
  const then = (work: () => void) => () => {
    leave();
    work();
  };
  return (
    <>
      {sends && isThere(message) ? <Emoji message={message} leave={leave} /> : null}
      {sends && isThere(message) ? (
        <MenuItem
          icon={<Reply className={`${ICON} rtl:-scale-x-100`} aria-hidden />}
          onClick={then(() => reply(message))}
        >
          {t('reply')}
        </MenuItem>
      ) : null}
      {sends && canForward(message) ? (
        <MenuItem
          icon={<Forward className={`${ICON} rtl:-scale-x-100`} aria-hidden />}
          onClick={then(() => ask('forward', message))}
        >
          {t('forward')}
        </MenuItem>
      ) : null}
      {text && !message.deleted_at ? (
        <MenuItem
          icon={<Copy className={ICON} aria-hidden />}
          onClick={then(() => void navigator.clipboard.writeText(text).catch(() => undefined))}
        >
          {t('copy')}
        </MenuItem>
      ) : null}
      {sends && canEdit(message, now) ? (
        <MenuItem icon={<Pencil className={ICON} aria-hidden />} onClick={then(() => edit(message))}>
          {t('edit')}
        </MenuItem>
      ) : null}
      <MenuItem icon={<Info className={ICON} aria-hidden />} onClick={then(() => ask('details', message))}>
        {t('details')}
      </MenuItem>
      {sends && canDelete(message, now) ? (
        <MenuItem danger icon={<Trash2 className={ICON} aria-hidden />} onClick={then(() => ask('delete', message))}>
          {t('delete')}
        </MenuItem>
      ) : null}
    </>
  );
}

function Emoji({ message, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.menu');
  const react = useReact(useActions().failed);
  const mine = message.reactions.find((one) => one.mine)?.emoji;
  return (
    <div role="group" aria-label={t('react')} className="mb-1 flex gap-0.5 border-b border-line pb-1">
      {EMOJI.map((emoji) => (
        <MenuItem
          key={emoji}
          aria-label={mine === emoji ? t('takeBack', { emoji }) : t('reactWith', { emoji })}
          className={mine === emoji ? 'justify-center bg-accent-soft px-2 text-lg' : 'justify-center px-2 text-lg'}
          onClick={() => {
            react.mutate({ message_id: message.id, emoji: mine === emoji ? '' : emoji });
            leave();
          }}
        >
          {emoji}
        </MenuItem>
      ))}
    </div>
  );
}
