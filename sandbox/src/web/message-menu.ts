/** What can be done with a message. */
import { api, isGroup, type MessageView } from './api.ts';
import { el, toast } from './dom.ts';
import { t } from './i18n.ts';

const EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

export function openMessageMenu(phone: string, message: MessageView, onAnswer: () => void): void {
  const { id, with: partner } = message;
  const done = (content: object, to = partner) =>
    void api.send(phone, to, content).then(
      () => dialog.close(),
      (error: Error) => toast(error.message),
    );
  const act = (words: string, onclick: () => void, selector: 'button' | 'button.danger' = 'button') =>
    el(selector, { type: 'button', onclick }, words);
  const to = el('input', { type: 'tel', dir: 'ltr', value: isGroup(partner) ? partner : `+${partner}` });
  const text = el('input', { value: message.text, dir: 'auto' });
  const isOwnText = message.direction === 'out' && message.kind === 'text';
  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-label': t('messageMenu'), onclose: () => dialog.remove() },
    el(
      'div.stack',
      {},
      act(t('reply'), () => {
        dialog.close();
        onAnswer();
      }),
      el(
        'div.row',
        { role: 'group', 'aria-label': t('react') },
        ...EMOJI.map((emoji) => act(emoji, () => done({ reaction: { id, emoji } }))),
      ),
      act(t('takeBack'), () => done({ reaction: { id, emoji: '' } })),
      el('label', {}, t('forwardTo'), to),
      act(t('forward'), () => done({ forward: { id } }, to.value)),
      isOwnText && el('label', {}, t('newText'), text),
      isOwnText && act(t('edit'), () => done({ edit: { id, text: text.value } })),
      message.direction === 'out' && act(t('deleteAll'), () => done({ delete: { id } }), 'button.danger'),
      act(t('close'), () => dialog.close()),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
