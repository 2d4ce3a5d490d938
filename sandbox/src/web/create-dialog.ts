/** "Create a phone". */
import { api, type PhoneView } from './api.ts';
import { el } from './dom.ts';
import { openForm } from './form-dialog.ts';
import { t } from './i18n.ts';

/** Resolves with the new phone; undefined when the person thought better of it. */
export function askForNewPhone(): Promise<PhoneView | undefined> {
  return new Promise((resolve) => {
    const name = el('input', { maxlength: '100', autofocus: true });
    const number = el('input', { type: 'tel', dir: 'ltr', placeholder: '+1 202 555 0150' });
    const submit = async () => {
      const phone = number.value.replaceAll(/[^\d+]/g, '');
      resolve(
        await api.createPhone({ ...(name.value.trim() && { name: name.value.trim() }), ...(phone && { phone }) }),
      );
    };
    openForm({
      title: t('createPhone'),
      fields: [el('label', {}, t('name'), name), el('label', {}, t('phoneNumber'), number)],
      submit,
      closed: () => resolve(undefined),
    });
  });
}
