/** "New group": what it is called and who is in it. */
import { api, type PhoneView } from './api.ts';
import { el } from './dom.ts';
import { t } from './i18n.ts';

/** Whether an address is a group's, and not a phone number. */
export const isGroup = (chat: string): boolean => chat.endsWith('@g.us');

/** @param onCreated gets the address of the new group */
export function openGroupDialog(
  owner: string,
  others: readonly PhoneView[],
  onCreated: (group: string, subject: string) => void,
): void {
  const subject = el('input', { required: true, maxlength: '100', autofocus: true, dir: 'auto' });
  const problem = el('p.error', { role: 'alert' });
  const boxes = others.map(({ phone, name }) => ({
    phone,
    name,
    box: el('input', { type: 'checkbox', value: phone }),
  }));
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const participants = boxes.filter(({ box }) => box.checked).map(({ phone }) => phone);
      const group = await api.createGroup({ owner, subject: subject.value, participants });
      dialog.close();
      onCreated(group.id, group.subject);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-label': t('newGroup'), onclose: () => dialog.remove() },
    el(
      'form.stack',
      { onsubmit: submit },
      el('h2', {}, t('newGroup')),
      el('label', {}, t('groupName'), subject),
      el(
        'fieldset.people',
        {},
        el('legend', {}, t('groupMembers')),
        ...boxes.map(({ name, box }) => el('label.check', {}, box, el('bdi', {}, name))),
      ),
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
}
