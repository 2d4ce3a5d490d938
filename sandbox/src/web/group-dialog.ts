/** "New group": what it is called and who is in it. */
import { api, type PhoneView } from './api.ts';
import { el } from './dom.ts';
import { openForm } from './form-dialog.ts';
import { t } from './i18n.ts';

/** @param onCreated gets the address of the new group */
export function openGroupDialog(
  owner: string,
  others: readonly PhoneView[],
  onCreated: (group: string, subject: string) => void,
): void {
  const subject = el('input', { required: true, maxlength: '100', autofocus: true, dir: 'auto' });
  const boxes = others.map(({ phone, name }) => ({
    phone,
    name,
    box: el('input', { type: 'checkbox', value: phone }),
  }));
  const people = el(
    'fieldset.people',
    {},
    el('legend', {}, t('groupMembers')),
    ...boxes.map(({ name, box }) => el('label.check', {}, box, el('bdi', {}, name))),
  );
  const submit = async () => {
    const participants = boxes.filter(({ box }) => box.checked).map(({ phone }) => phone);
    const group = await api.createGroup({ owner, subject: subject.value, participants });
    onCreated(group.id, group.subject);
  };
  openForm({ title: t('newGroup'), fields: [el('label', {}, t('groupName'), subject), people], submit });
}
