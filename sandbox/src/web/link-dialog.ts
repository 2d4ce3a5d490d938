/** "Link a device": by a picture or the text of the QR code, or by an eight-character code. */
import { api } from './api.ts';
import { el, toast } from './dom.ts';
import { t } from './i18n.ts';
import { readQr } from './qr-picture.ts';

export function openLinkDialog(phone: string, wantsCode: boolean): void {
  const problem = el('p.error', { role: 'alert' });
  const dialog: HTMLDialogElement = el('dialog', { 'aria-label': t('linkDevice'), onclose: () => dialog.remove() });
  const attempt = async (link: () => Promise<unknown>) => {
    problem.textContent = '';
    try {
      await link();
      dialog.close();
      toast(t('linked'));
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const scan = (qr: string) => attempt(() => api.scan(phone, qr));
  const scanPicture = async (picture: Blob | undefined) => {
    const qr = picture && (await readQr(picture));
    if (qr) await scan(qr);
    else problem.textContent = t('noQr');
  };
  dialog.addEventListener('paste', (event) => {
    const picture = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith('image/'));
    if (!picture) return;
    event.preventDefault();
    void scanPicture(picture);
  });
  dialog.append(
    el(
      'div.stack',
      {},
      el('h2', {}, t('linkDevice')),
      dropArea(scanPicture),
      qrForm(scan),
      codeForm(wantsCode, (code) => attempt(() => api.pair(phone, code))),
      problem,
      el('button', { onclick: () => dialog.close() }, t('close')),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  if (wantsCode) dialog.querySelector<HTMLInputElement>('.code input')?.focus();
}

function dropArea(scanPicture: (picture: Blob | undefined) => Promise<void>): HTMLElement {
  const chooser: HTMLInputElement = el('input.visually-hidden', {
    type: 'file',
    accept: 'image/*',
    onchange: () => void scanPicture(chooser.files?.[0]),
  });
  const area = el(
    'div.drop.stack',
    {},
    el('p', {}, t('scanHint')),
    chooser,
    el('button', { onclick: () => chooser.click() }, t('choosePicture')),
  );
  area.addEventListener('dragover', (event) => {
    event.preventDefault();
    area.classList.add('over');
  });
  area.addEventListener('dragleave', () => area.classList.remove('over'));
  area.addEventListener('drop', (event) => {
    event.preventDefault();
    area.classList.remove('over');
    void scanPicture(event.dataTransfer?.files[0]);
  });
  return area;
}

function qrForm(scan: (qr: string) => Promise<void>): HTMLElement {
  const text = el('textarea', { rows: '2', 'aria-label': t('qrText'), placeholder: t('qrText'), dir: 'ltr' });
  return el(
    'form.row',
    { onsubmit: (event) => (event.preventDefault(), scan(text.value.trim())) },
    text,
    el('button.primary', {}, t('scan')),
  );
}

function codeForm(wantsCode: boolean, pair: (code: string) => Promise<void>): HTMLElement {
  const code = el('input', { maxlength: '9', autocomplete: 'off', 'aria-label': t('code'), placeholder: 'ABCD-1234' });
  return el(
    'form.stack.code',
    { onsubmit: (event) => (event.preventDefault(), pair(code.value)) },
    el('p', {}, wantsCode ? t('codeRequested') : t('withCode')),
    el('div.row', {}, code, el('button', {}, t('scan'))),
  );
}
