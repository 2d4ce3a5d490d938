/** One message in a chat. */
import type { MessageView } from './api.ts';
import { el } from './dom.ts';
import { icon, type IconName } from './icons.ts';
import { t, timeOf } from './i18n.ts';
import { detailsAfter, detailsBefore } from './message-details.ts';
import { openMessageMenu } from './message-menu.ts';

const TICKS: Readonly<Record<MessageView['status'], IconName>> = {
  pending: 'pending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  played: 'delivered',
  failed: 'failed',
};

/**
 * @param onAnswer this message is to be answered
 * @param author who wrote it, where more than one could have
 */
export function messageBubble(
  phone: string,
  message: MessageView,
  onAnswer: () => void,
  author: string | undefined,
): HTMLElement {
  const isOut = message.direction === 'out';
  const bubble = el(isOut ? 'div.bubble.out' : 'div.bubble', { dir: 'auto', 'data-id': message.id });
  if (author !== undefined && !isOut) bubble.append(el('strong.author', {}, el('bdi', {}, author)));
  if (message.deletedAt) {
    bubble.classList.add('gone');
    bubble.append(t('deleted'));
  } else {
    const file = fileOf(phone, message);
    bubble.append(...detailsBefore(message));
    if (file) bubble.append(file);
    if (message.kind === 'unsupported') bubble.append(t('unsupported'));
    else if (message.text) bubble.append(message.text);
    bubble.append(...detailsAfter(phone, message));
  }
  bubble.append(meta(message, isOut));
  if (!message.deletedAt && message.kind !== 'reaction') bubble.append(menuButton(phone, message, onAnswer));
  return bubble;
}

function menuButton(phone: string, message: MessageView, onAnswer: () => void): HTMLElement {
  const open = () => openMessageMenu(phone, message, onAnswer);
  return el('button.plain.menu', { type: 'button', onclick: open, 'aria-label': t('messageMenu') }, icon('menu'));
}

function meta(message: MessageView, isOut: boolean): HTMLElement {
  const name = t(`status_${message.status}`);
  const ticks =
    isOut &&
    el(
      'span.ticks',
      { role: 'img', 'aria-label': name, title: message.error ? `${name} (${message.error})` : name },
      icon(TICKS[message.status]),
    );
  if (ticks) ticks.classList.add(message.status);
  return el(
    'span.meta',
    { dir: document.documentElement.dir }, // the page's words, whatever the message is written in
    message.editedAt ? el('span', {}, t('edited')) : undefined,
    timeOf(message.timestamp),
    ticks,
  );
}

function fileOf(phone: string, { id, kind, media }: MessageView): HTMLElement | undefined {
  if (!media) return undefined;
  const src = `/phones/${phone}/media/${encodeURIComponent(id)}`;
  switch (kind as string) {
    case 'image':
    case 'sticker':
      return el('img', { src, alt: media.fileName ?? kind, loading: 'lazy' });
    case 'video':
    case 'gif':
      return el('video', { src, controls: true });
    case 'audio':
    case 'voice':
      return el('audio', { src, controls: true });
    default:
      return el(
        'a',
        { href: src, download: media.fileName ?? 'file' },
        icon('file'),
        ` ${media.fileName ?? media.mimetype}`,
      );
  }
}
