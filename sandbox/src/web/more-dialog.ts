/** "Send something else": a poll, a place, a contact, what can be looked at once. */
import { api } from './api.ts';
import { el, toast } from './dom.ts';
import { t } from './i18n.ts';
import { sendFile } from './send-file.ts';

export function openMore(phone: string, partner: string): void {
  const send = (content: () => object) => (event: Event) => {
    event.preventDefault();
    void api.send(phone, partner, content()).then(
      () => dialog.close(),
      (error: Error) => toast(error.message),
    );
  };
  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-label': t('more'), onclose: () => dialog.remove() },
    pollForm(send),
    placeForm(send),
    contactForm(send),
    onceForm(phone, partner, () => dialog.close()),
    el('button', { type: 'button', onclick: () => dialog.close() }, t('close')),
  );
  document.body.append(dialog);
  dialog.showModal();
}

type Send = (content: () => object) => (event: Event) => void;

function pollForm(send: Send): HTMLElement {
  const name = el('input', { required: true, maxlength: '255', dir: 'auto' });
  const options = el('textarea', { required: true, rows: '3', dir: 'auto' });
  const content = () => ({
    poll: { name: name.value, options: options.value.split('\n').filter((line) => line.trim() !== '') },
  });
  return el(
    'form.stack',
    { onsubmit: send(content) },
    el('h2', {}, t('poll')),
    el('label', {}, t('question'), name),
    el('label', {}, t('optionsByLine'), options),
    el('button', {}, `${t('send')}: ${t('poll')}`),
  );
}

function placeForm(send: Send): HTMLElement {
  const number = (value: string) => el('input', { required: true, type: 'number', step: 'any', value, dir: 'ltr' });
  const [latitude, longitude] = [number('32.0809'), number('34.7806')];
  const name = el('input', { maxlength: '100', dir: 'auto' });
  const content = () => ({
    location: {
      latitude: Number(latitude.value),
      longitude: Number(longitude.value),
      ...(name.value && { name: name.value }),
    },
  });
  return el(
    'form.stack',
    { onsubmit: send(content) },
    el('h2', {}, t('location')),
    el('label', {}, t('name'), name),
    el('label', {}, t('latitude'), latitude),
    el('label', {}, t('longitude'), longitude),
    el('button', {}, `${t('send')}: ${t('location')}`),
  );
}

function contactForm(send: Send): HTMLElement {
  const name = el('input', { required: true, maxlength: '100', dir: 'auto' });
  const phone = el('input', { required: true, type: 'tel', dir: 'ltr', placeholder: '+1 202 555 0150' });
  const content = () => ({ contacts: [{ name: name.value, phone: phone.value.replaceAll(/[^\d+]/g, '') }] });
  return el(
    'form.stack',
    { onsubmit: send(content) },
    el('h2', {}, t('contact')),
    el('label', {}, t('name'), name),
    el('label', {}, t('phoneNumber').replace(/ \(.*\)$/, ''), phone),
    el('button', {}, `${t('send')}: ${t('contact')}`),
  );
}

/** A picture or film that can be looked at once. */
function onceForm(phone: string, partner: string, done: () => void): HTMLElement {
  const file = el('input', { type: 'file', required: true, accept: 'image/*,video/*' });
  const submit = (event: Event) => {
    event.preventDefault();
    const [chosen] = file.files ?? [];
    if (chosen)
      void sendFile(phone, partner, chosen, { viewOnce: true }).then(done, (error: Error) => toast(error.message));
  };
  return el(
    'form.stack',
    { onsubmit: submit },
    el('h2', {}, t('viewOnceWord')),
    el('label', {}, t('attach'), file),
    el('button', {}, `${t('send')}: ${t('viewOnceWord')}`),
  );
}
