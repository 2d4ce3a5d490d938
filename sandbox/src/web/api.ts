/** The control API, from the page. */
import type { GroupView } from '../control/group-views.ts';
import type { ChatView, MessageView, PhoneView } from '../control/views.ts';
import type { SandboxEvent } from '../server/events.ts';

export type { ChatView, GroupView, MessageView, PhoneView, SandboxEvent };

/** Whether an address is a group's, and not a phone number. */
export const isGroup = (chat: string): boolean => chat.endsWith('@g.us');

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(path, { method, ...json });
  const answer = (await response.json()) as { detail?: string; errors?: { detail: string }[] };
  if (!response.ok) throw new Error(answer.errors?.[0]?.detail ?? answer.detail ?? String(response.status));
  return answer as T;
}

export const api = {
  phones: () => call<PhoneView[]>('GET', '/phones'),
  createPhone: (options: { name?: string; phone?: string }) => call<PhoneView>('POST', '/phones', options),
  change: (phone: string, change: Partial<Pick<PhoneView, 'name' | 'autoReply' | 'autoRead'>>) =>
    call<PhoneView>('PATCH', `/phones/${phone}`, change),
  setOnline: (phone: string, online: boolean) => call('POST', `/phones/${phone}/${online ? 'online' : 'offline'}`),
  scan: (phone: string, qr: string) => call('POST', `/phones/${phone}/scan`, { qr }),
  pair: (phone: string, code: string) => call('POST', `/phones/${phone}/pair`, { code }),
  unlink: (phone: string, device: number) => call('DELETE', `/phones/${phone}/devices/${device}`),
  block: (phone: string, other: string, blocked: boolean) =>
    call('POST', `/phones/${phone}/block`, { phone: other, blocked }),
  chats: (phone: string) => call<ChatView[]>('GET', `/phones/${phone}/chats`),
  createGroup: (group: { owner: string; subject: string; participants: string[] }) =>
    call<GroupView>('POST', '/groups', group),
  group: (group: string) => call<GroupView>('GET', `/groups/${group}`),
  messages: (phone: string, partner: string) => call<MessageView[]>('GET', `/phones/${phone}/messages?with=${partner}`),
  send: (phone: string, to: string, content: object) => call('POST', `/phones/${phone}/messages`, { to, ...content }),
  read: (phone: string, partner: string) => call('POST', `/phones/${phone}/read`, { with: partner }),
  typing: (phone: string, to: string, state: 'composing' | 'paused') =>
    call('POST', `/phones/${phone}/typing`, { to, state }),
};

/** Follows what happens. `onReady` runs at each (re)connection: whatever was missed must be read anew. */
export function follow(onReady: () => void, onEvent: (event: SandboxEvent) => void): void {
  const stream = new EventSource('/events');
  stream.addEventListener('ready', onReady);
  stream.addEventListener('message', (message) => onEvent(JSON.parse(String(message.data)) as SandboxEvent));
}
