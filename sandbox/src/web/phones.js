// @ts-check
/** The page of virtual phones: reads the control API, follows `/events`, and shows everything by text nodes only. */

/** @param {string} id */
const $ = (id) => /** @type {any} */ (document.getElementById(id));
const state = { phone: '', chat: '', online: true };

/** @param {string} method @param {string} path @param {object} [body] */
async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? response.statusText);
  return answer;
}

/** Runs something that a person asked for, and says what came of it. @param {() => Promise<unknown>} work @param {string} done */
async function act(work, done = '') {
  try {
    await work();
    $('said').textContent = done;
  } catch (error) {
    $('said').textContent = error instanceof Error ? error.message : String(error);
  }
  await render();
}

/** @param {string} tag @param {Record<string, unknown>} [props] @param {(Node | string)[]} children */
function element(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
}

/** @param {string} text @param {boolean} current @param {() => void} onclick @param {string} [note] */
function choice(text, current, onclick, note = '') {
  const button = element('button', { type: 'button', onclick }, text, ' ', element('small', {}, note));
  button.setAttribute('aria-current', String(current));
  return element('li', {}, button);
}

const TICKS = { pending: '🕓', sent: '✓', delivered: '✓✓', read: '✓✓', played: '✓✓' };

/** @param {any} message */
function bubble(message) {
  const li = element('li', { className: message.direction, dir: 'auto' });
  if (message.media && message.kind === 'image') {
    li.append(element('img', { alt: 'image', src: `/phones/${state.phone}/media/${message.id}` }));
  } else if (message.media) {
    li.append(
      element('a', { href: `/phones/${state.phone}/media/${message.id}` }, message.media.fileName ?? message.kind),
      ' ',
    );
  }
  li.append(message.text || (message.media ? '' : message.kind));
  if (message.direction === 'out') {
    const tick = TICKS[/** @type {keyof typeof TICKS} */ (message.status)] ?? message.status;
    li.append(element('span', { className: `tick ${message.readAt ? 'read' : ''}`, title: message.status }, tick));
  }
  return li;
}

async function render() {
  const phones = await call('GET', '/phones');
  $('phone-list').replaceChildren(
    ...phones.map((/** @type {any} */ p) =>
      choice(p.name, p.phone === state.phone, () => show(p.phone), `+${p.phone}${p.online ? '' : ' · offline'}`),
    ),
  );
  const phone = phones.find((/** @type {any} */ p) => p.phone === state.phone);
  $('phone').hidden = !phone;
  if (!phone) return;
  $('phone-name').textContent = `${phone.name} · +${phone.phone}`;
  $('online').textContent = phone.online ? 'Go offline' : 'Go online';
  state.online = phone.online;
  $('devices').replaceChildren(
    ...phone.devices.map((/** @type {any} */ d) =>
      choice(
        `Linked: ${d.platform}`,
        false,
        () => void act(() => call('DELETE', `/phones/${phone.phone}/devices/${d.id}`)),
        d.connected ? 'connected · unlink' : 'away · unlink',
      ),
    ),
  );
  const chats = await call('GET', `/phones/${phone.phone}/chats`);
  $('chats').replaceChildren(
    ...chats.map((/** @type {any} */ c) =>
      choice(c.name, c.with === state.chat, () => open(c.with), c.unread ? `${c.unread} new` : (c.last?.text ?? '')),
    ),
  );
  $('send').hidden = !state.chat;
  if (!state.chat) return;
  const messages = await call('GET', `/phones/${phone.phone}/messages?with=${state.chat}`);
  $('messages').replaceChildren(...messages.map(bubble));
  $('messages').scrollTop = $('messages').scrollHeight;
}

/** @param {string} phone */
function show(phone) {
  Object.assign(state, { phone, chat: '' });
  $('messages').replaceChildren();
  void render();
}

/** @param {string} chat */
function open(chat) {
  state.chat = chat.replace(/\D/g, '');
  void act(() => call('POST', `/phones/${state.phone}/read`, { with: state.chat }));
}

/** @param {string} id @param {(value: (name: string) => string, form: HTMLFormElement) => void} work */
function onSubmit(id, work) {
  $(id).addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const data = new FormData(form);
    work((name) => /** @type {string} */ (data.get(name) ?? '').trim(), form);
    form.reset();
  });
}

onSubmit(
  'create',
  (value) => void act(async () => (state.phone = (await call('POST', '/phones', { name: value('name') })).phone)),
);
onSubmit('scan', (value) => {
  const given = value('qr');
  const isCode = /^[\w-]{8,9}$/.test(given);
  void act(
    () =>
      isCode
        ? call('POST', `/phones/${state.phone}/pair`, { code: given.replace('-', '').toUpperCase() })
        : call('POST', `/phones/${state.phone}/scan`, { qr: given }),
    'Linked.',
  );
});
onSubmit('open', (value) => value('to') && open(value('to')));
onSubmit(
  'send',
  (value) => void act(() => call('POST', `/phones/${state.phone}/messages`, { to: state.chat, text: value('text') })),
);

/** A QR code that came with the address: ask which phone scans it. @param {string} qr */
async function chooseFor(qr) {
  history.replaceState(null, '', '/');
  const dialog = /** @type {HTMLDialogElement} */ ($('choose'));
  const scan = (/** @type {string} */ phone) => {
    dialog.close();
    show(phone);
    void act(() => call('POST', `/phones/${phone}/scan`, { qr }), 'Linked. You can go back to Wasel.');
  };
  const phones = await call('GET', '/phones');
  $('choices').replaceChildren(
    ...phones.map((/** @type {any} */ p) => choice(p.name, false, () => scan(p.phone), `+${p.phone}`)),
  );
  onSubmit('choose-new', () => void call('POST', '/phones', { name: 'My shop' }).then((p) => scan(p.phone)));
  dialog.showModal();
}

const qr = new URLSearchParams(location.search).get('scan');
await render();
if (qr) void chooseFor(qr);
let due = false;
new EventSource('/events').addEventListener('message', () => {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    void render();
  }, 50);
});
