/** A chat of one phone with one person, or in a group. */
import { api, isGroup, type MessageView, type PhoneView, type SandboxEvent } from './api.ts';
import { avatar, el, numberOf, replace, toast } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './i18n.ts';
import { messageBubble } from './message-bubble.ts';
import { openMore } from './more-dialog.ts';
import { sendFile } from './send-file.ts';

/** Typing is told at most this often, and ends this long after the last key. */
const TYPING_MS = 3000;

export type ChatScreen = Readonly<{ element: HTMLElement; onEvent: (event: SandboxEvent) => void }>;

/** With whom the chat is: a phone number or a group. */
export type Partner = Readonly<{ id: string; name: string }>;

/** @param nameOf the name of who has a phone number */
export function chatScreen(
  phone: PhoneView,
  { id: partner, name: partnerName }: Partner,
  nameOf: (phone: string) => string,
  onBack: () => void,
): ChatScreen {
  const typing = el('span.small.muted', { 'aria-live': 'polite' });
  const list = el('div.messages', { role: 'log', 'aria-label': partnerName });
  const writing = composer(phone.phone, partner);
  const scroll = el('div.scroll', {}, list);
  const subtitle = el('span.clip', {}, isGroup(partner) ? '' : numberOf(partner));
  const showPeople = async () => {
    const { participants } = await api.group(partner);
    const names = participants.map((one) => (one.phone === phone.phone ? t('you') : nameOf(one.phone)));
    replace(subtitle, el('bdi', {}, names.join(', ')));
  };
  let typingEnds: ReturnType<typeof setTimeout> | undefined;

  const refresh = async () => {
    const messages = await api.messages(phone.phone, partner);
    replace(
      list,
      ...(messages.length > 0
        ? messages
            .filter(({ kind }) => kind !== 'reaction')
            .map((message) => {
              const author = isGroup(partner) ? nameOf(message.from) : undefined;
              return messageBubble(phone.phone, message, () => writing.answer(message), author);
            })
        : [el('div.empty', {}, t('noMessages'))]),
    );
    scroll.scrollTop = scroll.scrollHeight;
    if (document.visibilityState === 'visible' && messages.some(isUnread)) await api.read(phone.phone, partner);
  };
  const showTyping = (isTyping: boolean) => {
    typing.textContent = isTyping ? t('typing') : '';
    clearTimeout(typingEnds);
    if (isTyping) typingEnds = setTimeout(() => showTyping(false), TYPING_MS * 2);
  };
  const element = el(
    'section.screen',
    {},
    header(phone, { id: partner, name: partnerName }, subtitle, typing, onBack),
    scroll,
    writing.element,
  );
  void refresh();
  if (isGroup(partner)) void showPeople().catch(fail);
  return {
    element,
    onEvent: (event) => {
      if (event.type === 'group' && event.group === partner) void showPeople().catch(fail);
      if (event.phone !== phone.phone) return;
      if ((event.type === 'message' || event.type === 'status') && event.with === partner) void refresh();
      if (event.type === 'message' && event.direction === 'in') showTyping(false);
      if (event.type === 'typing' && event.with === partner) showTyping(event.state !== 'paused');
    },
  };
}

function isUnread(message: MessageView): boolean {
  return (
    message.direction === 'in' && message.readAt === null && message.deletedAt === null && message.kind !== 'reaction'
  );
}

function header(
  phone: PhoneView,
  { id: partner, name }: Partner,
  subtitle: HTMLElement,
  typing: HTMLElement,
  onBack: () => void,
): HTMLElement {
  const isBlocked = phone.blocked.includes(partner);
  const toggle = () => api.block(phone.phone, partner, !isBlocked).catch((error: Error) => toast(error.message));
  return el(
    'div',
    {},
    el(
      'div.bar',
      {},
      el('button.plain', { onclick: onBack, 'aria-label': t('back') }, icon('back')),
      avatar(name),
      el('div.grow', {}, el('div.clip', {}, el('bdi', {}, name)), el('div.small.muted', {}, subtitle, ' ', typing)),
      !isGroup(partner) && el('button.plain.danger', { onclick: toggle }, t(isBlocked ? 'unblock' : 'block')),
    ),
    isBlocked && el('p.pad.small.muted', {}, t('blocked')),
  );
}

function fail(error: Error): void {
  toast(error.message);
}

type Composer = Readonly<{ element: HTMLElement; answer: (message: MessageView) => void }>;

/** What the next message answers. */
function answerBar() {
  const element = el('div.answering', { hidden: true });
  let answered: MessageView | undefined;
  const answer = (message: MessageView | undefined) => {
    answered = message;
    element.hidden = message === undefined;
    const stop = el('button.plain', { type: 'button', onclick: () => answer(undefined) }, t('stopAnswering'));
    replace(element, message && el('span.clip', { dir: 'auto' }, `${t('answering')}: ${message.text}`), stop);
  };
  return { element, answer, answered: () => answered };
}

function composer(phone: string, partner: string): Composer {
  const bar = answerBar();
  const text = el('textarea', { rows: '1', placeholder: t('message'), 'aria-label': t('message'), dir: 'auto' });
  const chooser = el('input.visually-hidden', { type: 'file', 'aria-label': t('attach'), tabindex: '-1' });
  let lastTold = 0;
  const send = async (event: Event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (written === '') return;
    text.value = '';
    lastTold = 0;
    const answered = bar.answered();
    const replyTo = answered && { replyTo: answered.id };
    await api.send(phone, partner, { text: written, ...replyTo }).then(
      () => bar.answer(undefined),
      (error: Error) => {
        text.value = written;
        fail(error);
      },
    );
  };
  text.addEventListener('input', () => {
    if (Date.now() - lastTold < TYPING_MS) return;
    lastTold = Date.now();
    void api.typing(phone, partner, 'composing').catch(fail);
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void send(event);
  });
  chooser.addEventListener('change', () => {
    const [file] = chooser.files ?? [];
    chooser.value = '';
    if (file) void sendFile(phone, partner, file).catch(fail);
  });
  const element = el(
    'form.composer',
    { onsubmit: send },
    bar.element,
    chooser,
    el(
      'button.plain',
      { type: 'button', onclick: () => openMore(phone, partner), 'aria-label': t('more'), title: t('more') },
      icon('plus'),
    ),
    el(
      'button.plain',
      { type: 'button', onclick: () => chooser.click(), 'aria-label': t('attach'), title: t('attach') },
      icon('attach'),
    ),
    text,
    el('button.primary', {}, t('send')),
  );
  const answer = (message: MessageView) => {
    bar.answer(message);
    text.focus();
  };
  return { element, answer };
}
