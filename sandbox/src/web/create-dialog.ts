/** "Create a phone". */
import { api, type PhoneView } from './api.ts';
import { el } from './dom.ts';
import { t } from './i18n.ts';

/** Resolves with the new phone; undefined when the person thought better of it. */
export function askForNewPhone(): Promise<PhoneView | undefined> {
  return new Promise((resolve) => {
    const name = el('input', { maxlength: '100', autofocus: true });
    const number = el('input', { type: 'tel', dir: 'ltr', placeholder: '+1 202 555 0150' });
    const problem = el('p.error', { role: 'alert' });
    const submit = async (event: Event) => {
      event.preventDefault();
      try {
        const phone = number.value.replaceAll(/[^\d+]/g, '');
        resolve(
          await api.createPhone({ ...(name.value.trim() && { name: name.value.trim() }), ...(phone && { phone }) }),
        );
        dialog.close();
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      }
    };
    const close = () => {
      dialog.remove();
      resolve(undefined);
    };
    const dialog: HTMLDialogElement = el(
      'dialog',
      { 'aria-label': t('createPhone'), onclose: close },
      el(
        'form.stack',
        { onsubmit: submit },
        el('h2', {}, t('createPhone')),
        el('label', {}, t('name'), name),
        el('label', {}, t('phoneNumber'), number),
        problem,
        el(
          'div.row',
          {},
          el('button.primary', {}, t('create')),
          el('button', { type: 'button', onclick: () => dialog.close() }, t('cancel')),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
