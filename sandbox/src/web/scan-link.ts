/** The deep link `/?scan=<text of a QR code>`: asks which phone shall scan it. */
import { api, type PhoneView } from './api.ts';
import { askForNewPhone } from './create-dialog.ts';
import { avatar, el, numberOf, toast } from './dom.ts';
import { t } from './i18n.ts';

/** Takes the QR code out of the address, so that a reload does not ask again. */
export function takeScanLink(): string | undefined {
  const url = new URL(location.href);
  const qr = url.searchParams.get('scan') ?? undefined;
  url.searchParams.delete('scan');
  if (qr) history.replaceState(null, '', url);
  return qr;
}

export function offerToScan(qr: string, phones: readonly PhoneView[], onLinked: (phone: string) => void): void {
  const problem = el('p.error', { role: 'alert' });
  const dialog: HTMLDialogElement = el('dialog', { 'aria-label': t('scanWith'), onclose: () => dialog.remove() });
  const scanWith = async (phone: string | undefined) => {
    if (phone === undefined) return;
    try {
      await api.scan(phone, qr);
      dialog.close();
      toast(t('linked'));
      onLinked(phone);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const entry = ({ phone, name }: PhoneView) =>
    el(
      'li',
      {},
      el(
        'button.entry',
        { onclick: () => scanWith(phone) },
        avatar(name),
        el('span.grow.clip', {}, name),
        numberOf(phone),
      ),
    );
  const fresh = async () => scanWith((await askForNewPhone())?.phone);
  dialog.append(
    el(
      'div.stack',
      {},
      el('h2', {}, t('scanWith')),
      el('ul.list', {}, ...phones.map(entry)),
      problem,
      el(
        'div.row',
        {},
        el('button.primary', { onclick: fresh }, t('newPhone')),
        el('button', { onclick: () => dialog.close() }, t('cancel')),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
