/** Sends a file that was chosen on the page. */
import { api } from './api.ts';

export async function sendFile(phone: string, partner: string, file: File, more: object = {}): Promise<void> {
  const dataUrl = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable file')));
    reader.readAsDataURL(file);
  });
  const base64 = dataUrl.slice(dataUrl.indexOf(',') + 1);
  const [family = ''] = file.type.split('/');
  const kind = ['image', 'video', 'audio'].includes(family) ? family : 'document';
  const media = { kind, base64, fileName: file.name, ...(file.type && { mimetype: file.type }) };
  await api.send(phone, partner, { media, ...more });
}
