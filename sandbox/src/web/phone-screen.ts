/** A phone in the hand: its chats, its linked devices, its settings. */
import { api, type ChatView, type PhoneView, type SandboxEvent } from './api.ts';
import { chatScreen, type ChatScreen, type Partner } from './chat-screen.ts';
import { avatar, el, numberOf, replace, toast } from './dom.ts';
import { openGroupDialog } from './group-dialog.ts';
import { icon } from './icons.ts';
import { t, timeOf } from './i18n.ts';
import { openLinkDialog } from './link-dialog.ts';

type Tab = 'chats' | 'devices' | 'settings';

export class PhoneScreen {
  readonly element = el('article.handset');
  readonly #phones: () => readonly PhoneView[];
  readonly #onClose: () => void;
  readonly #phone: string;
  readonly #body = el('div.scroll');
  #tab: Tab = 'chats';
  #chat: (ChatScreen & { partner: Partner }) | undefined;

  constructor(phone: string, phones: () => readonly PhoneView[], onClose: () => void) {
    this.#phone = phone;
    this.#phones = phones;
    this.#onClose = onClose;
    this.render();
  }

  get phone(): string {
    return this.#phone;
  }

  onEvent(event: SandboxEvent): void {
    this.#chat?.onEvent(event);
    // Who is put into a group has done nothing himself.
    if (this.#chat || (event.type !== 'group' && event.phone !== this.#phone)) return;
    if (this.#tab === 'chats' && ['message', 'status', 'group'].includes(event.type)) void this.#showChats();
  }

  /** Draws everything anew, after the phone itself has changed. What is being typed stays. */
  render(): void {
    const view = this.#view;
    if (!view) return;
    if (this.#chat) {
      const written = this.element.querySelector('textarea')?.value ?? '';
      this.#openChat(this.#chat.partner);
      const field = this.element.querySelector('textarea');
      if (field) field.value = written;
      return;
    }
    this.element.setAttribute('aria-label', view.name);
    replace(this.element, this.#header(view), this.#tabs(view), this.#body);
    if (this.#tab === 'chats') void this.#showChats();
    if (this.#tab === 'devices') this.#showDevices(view);
    if (this.#tab === 'settings') this.#showSettings(view);
  }

  get #view(): PhoneView | undefined {
    return this.#phones().find(({ phone }) => phone === this.#phone);
  }

  #header({ name, phone, online }: PhoneView): HTMLElement {
    const toggle = () => api.setOnline(phone, !online).catch((error: Error) => toast(error.message));
    return el(
      'div',
      {},
      el(
        'div.bar',
        {},
        el('button.plain.only-narrow', { onclick: this.#onClose, 'aria-label': t('back') }, icon('back')),
        avatar(name, !online),
        el('div.grow', {}, el('h2.clip', {}, el('bdi', {}, name)), el('div.small.muted', {}, numberOf(phone))),
        el('button', { onclick: toggle, 'aria-pressed': String(online) }, t(online ? 'goOffline' : 'goOnline')),
      ),
      !online && el('p.pad.small.muted', {}, t('offlineHint')),
    );
  }

  #tabs({ devices }: PhoneView): HTMLElement {
    const tab = (name: Tab, extra = '') =>
      el(
        'button',
        { role: 'tab', 'aria-selected': String(this.#tab === name), onclick: () => this.#select(name) },
        t(name) + extra,
      );
    return el(
      'div.tabs',
      { role: 'tablist' },
      tab('chats'),
      tab('devices', devices.length > 0 ? ` (${devices.length})` : ''),
      tab('settings'),
    );
  }

  #select(tab: Tab): void {
    this.#tab = tab;
    this.render();
  }

  async #showChats(): Promise<void> {
    const chats = await api.chats(this.#phone);
    const others = this.#phones().filter(({ phone }) => phone !== this.#phone);
    const partner = el('input', { list: 'partners', dir: 'ltr', 'aria-label': t('to'), placeholder: t('to') });
    const known = el(
      'datalist',
      { id: 'partners' },
      ...others.map(({ phone, name }) => el('option', { value: `+${phone}` }, name)),
    );
    const start = (event: Event) => {
      event.preventDefault();
      const number = partner.value.replaceAll(/\D/g, '');
      if (number) this.#openChat({ id: number, name: this.#nameOf(number) });
    };
    if (this.#tab !== 'chats' || this.#chat) return;
    replace(
      this.#body,
      el('form.row.pad', { onsubmit: start }, partner, known, el('button.primary', {}, t('newChat'))),
      el('div.row.pad', {}, el('button', { onclick: () => this.#createGroup(others) }, t('newGroup'))),
      chats.length > 0
        ? el('ul.list', {}, ...chats.map((chat) => this.#chatEntry(chat)))
        : el('div.empty', {}, el('h3', {}, t('noChats')), el('p', {}, t('noChatsHint'))),
    );
  }

  #createGroup(others: readonly PhoneView[]): void {
    openGroupDialog(this.#phone, others, (id, name) => this.#openChat({ id, name }));
  }

  #nameOf(phone: string): string {
    return this.#phones().find((one) => one.phone === phone)?.name ?? `+${phone}`;
  }

  #chatEntry({ with: partner, name, unread, last }: ChatView): HTMLElement {
    const preview = last?.deletedAt ? t('deleted') : last?.text || (last?.media ? `[${last.kind}]` : '');
    return el(
      'li',
      {},
      el(
        'button.entry',
        { onclick: () => this.#openChat({ id: partner, name }) },
        avatar(name),
        el(
          'span.grow',
          {},
          el('div.clip', {}, el('bdi', {}, name)),
          el('div.clip.small.muted', {}, el('bdi', {}, preview)),
        ),
        el(
          'span.aside.small.muted',
          {},
          last ? timeOf(last.timestamp) : '',
          unread > 0 && el('span.badge', {}, String(unread)),
        ),
      ),
    );
  }

  #openChat(partner: Partner): void {
    const view = this.#view;
    if (!view) return;
    const goBack = () => {
      this.#chat = undefined;
      this.render();
    };
    const screen = chatScreen(view, partner, (phone) => this.#nameOf(phone), goBack);
    this.#chat = { ...screen, partner };
    replace(this.element, screen.element);
    this.element.querySelector('textarea')?.focus();
  }

  #showDevices({ phone, devices, codeRequested }: PhoneView): void {
    const unlink = (id: number) => api.unlink(phone, id).catch((error: Error) => toast(error.message));
    const entry = ({ id, platform, connected }: PhoneView['devices'][number]) =>
      el(
        'li.entry',
        {},
        el(
          'span.grow',
          {},
          el('div.clip', {}, el('bdi', {}, platform || `#${id}`)),
          el('div.small.muted', {}, t(connected ? 'connected' : 'notConnected')),
        ),
        el('button.danger', { onclick: () => unlink(id) }, t('unlink')),
      );
    replace(
      this.#body,
      el(
        'div.pad.stack',
        {},
        codeRequested && el('p', { role: 'status' }, t('codeRequested')),
        el('button.primary', { onclick: () => openLinkDialog(phone, codeRequested) }, t('linkDevice')),
      ),
      devices.length > 0
        ? el('ul.list', {}, ...devices.map(entry))
        : el('div.empty', {}, el('h3', {}, t('noDevices')), el('p', {}, t('noDevicesHint'))),
    );
  }

  #showSettings({ phone, name, autoReply, autoRead }: PhoneView): void {
    const nameField = el('input', { value: name, maxlength: '100', required: true, dir: 'auto' });
    const replyField = el('textarea', { rows: '3', maxlength: '1000', dir: 'auto' }, autoReply ?? '');
    const readField = el('input', { type: 'checkbox', checked: autoRead });
    const save = (event: Event) => {
      event.preventDefault();
      const change = { name: nameField.value, autoReply: replyField.value.trim() || null, autoRead: readField.checked };
      return api.change(phone, change).then(
        () => toast(t('saved')),
        (error: Error) => toast(error.message),
      );
    };
    replace(
      this.#body,
      el(
        'form.pad.stack',
        { onsubmit: save },
        el('label', {}, t('name'), nameField),
        el('label', {}, t('autoReply'), replyField),
        el('label.check', {}, readField, t('autoRead')),
        el('button.primary', {}, t('save')),
      ),
    );
  }
}
