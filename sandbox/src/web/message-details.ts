/** What a message has besides its text and its file. */
import { api, type MessageView } from './api.ts';
import { el, toast } from './dom.ts';
import { t } from './i18n.ts';

export function detailsBefore({ details: { replyTo, forwards, viewOnce } }: MessageView): HTMLElement[] {
  return [
    ...(forwards === undefined ? [] : [el('span.small.muted', {}, t('forwarded'))]),
    ...(viewOnce ? [el('span.small.muted', {}, t('viewOnceWord'))] : []),
    ...(replyTo ? [el('span.quoted.small', { dir: 'auto' }, replyTo.text)] : []),
  ];
}

export function detailsAfter(phone: string, message: MessageView): HTMLElement[] {
  const { location, contacts, preview } = message.details;
  return [
    ...(location
      ? [
          el(
            'div.small.muted',
            {},
            location.live ? `${t('liveLocation')} ` : undefined,
            el('bdi', { dir: 'ltr' }, `${location.latitude}, ${location.longitude}`),
            location.address ? ` · ${location.address}` : undefined,
          ),
        ]
      : []),
    ...(contacts ?? []).map(({ name, vcard }) =>
      el('div.small', {}, `${name} `, el('bdi.muted', { dir: 'ltr' }, /TEL[^:\n]*:([^\n]*)/.exec(vcard)?.[1] ?? '')),
    ),
    ...(preview
      ? [
          el(
            'span.preview.small',
            { dir: 'auto' },
            preview.title,
            preview.description ? ` · ${preview.description}` : '',
          ),
        ]
      : []),
    ...(message.details.poll ? [pollOptions(phone, message)] : []),
    ...(message.reactions.length > 0 ? [el('div', {}, message.reactions.map(({ emoji }) => emoji).join(' '))] : []),
  ];
}

/** Choosing an option votes for it, once more takes that back. */
function pollOptions(phone: string, { id, with: partner, details, votes }: MessageView): HTMLElement {
  const { options = [], selectableCount = 1 } = details.poll ?? {};
  const mine = votes.find(({ from }) => from === phone)?.options ?? [];
  const voteFor = (option: string) => {
    const others = selectableCount === 1 ? [] : mine.filter((one) => one !== option);
    const chosen = mine.includes(option) ? mine.filter((one) => one !== option) : [...others, option];
    void api.send(phone, partner, { vote: { id, options: chosen } }).catch((error: Error) => toast(error.message));
  };
  return el(
    'div.options',
    {},
    ...options.map((option) =>
      el(
        'button',
        { type: 'button', onclick: () => voteFor(option), 'aria-pressed': String(mine.includes(option)) },
        `${option} · ${votes.filter((vote) => vote.options.includes(option)).length}`,
      ),
    ),
  );
}
