/** A dialog with a form: it closes when what it asks for is done, and says why where it is not. */
import { el } from './dom.ts';
import { t } from './i18n.ts';

type Form = Readonly<{
  title: string;
  fields: readonly HTMLElement[];
  /** Throws where it cannot be done: the dialog stays, with what the error says. */
  submit: () => Promise<void>;
  /** Called once, however it was closed. */
  closed?: () => void;
}>;

export function openForm({ title, fields, submit, closed }: Form): void {
  const problem = el('p.error', { role: 'alert' });
  const onsubmit = async (event: Event) => {
    event.preventDefault();
    try {
      await submit();
      dialog.close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const onclose = () => {
    dialog.remove();
    closed?.();
  };
  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-label': title, onclose },
    el(
      'form.stack',
      { onsubmit },
      el('h2', {}, title),
      ...fields,
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
