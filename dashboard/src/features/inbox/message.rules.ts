import type { MessageView } from '@wasel/backend/contract';
import { DELETE_MINUTES, EDIT_MINUTES, FORWARDABLE } from '@wasel/backend/contract/words';

const MINUTE_MS = 60_000;
const ON_WHATSAPP = new Set<string>(['received', 'sent', 'delivered', 'read', 'played']);
const WITHOUT_FILE = new Set<string>(['location', 'contact']);
const VIEWABLE = new Set<string>(['image', 'video', 'gif']);

/** Others have it, and it still says something: it can be answered and reacted to. */
export const isThere = ({ status, deleted_at: deleted }: MessageView): boolean =>
  deleted === null && ON_WHATSAPP.has(status);

const isOursOfLast = (minutes: number, message: MessageView, now: Date): boolean =>
  message.direction === 'outbound' &&
  isThere(message) &&
  now.getTime() - Date.parse(message.sent_at ?? message.created_at) < minutes * MINUTE_MS;

/** The backend decides; these say what is worth offering. */
export const canEdit = (message: MessageView, now: Date): boolean =>
  message.type === 'text' && isOursOfLast(EDIT_MINUTES, message, now);

export const canDelete = (message: MessageView, now: Date): boolean => isOursOfLast(DELETE_MINUTES, message, now);

export const canForward = (message: MessageView): boolean =>
  isThere(message) &&
  FORWARDABLE.includes(message.type) &&
  !message.content?.view_once &&
  (message.type === 'text' || message.media !== null || WITHOUT_FILE.has(message.type));

/** What the viewer shows one after the other. */
export const isViewable = ({ type, media }: MessageView): boolean => media !== null && VIEWABLE.has(type);

/** Ways to send a file of a type, the usual one first. The backend looks into the file and may refuse one. */
export type SendAs = 'image' | 'video' | 'gif' | 'audio' | 'voice' | 'sticker' | 'document';

export function waysToSend(mimeType: string): readonly [SendAs, ...SendAs[]] {
  if (mimeType === 'image/webp') return ['image', 'sticker', 'document'];
  if (/^image\/(jpeg|png)$/.test(mimeType)) return ['image', 'document'];
  if (mimeType === 'video/mp4') return ['video', 'gif', 'document'];
  if (mimeType === 'video/3gpp') return ['video', 'document'];
  if (mimeType.startsWith('audio/')) return ['audio', 'voice', 'document'];
  return ['document'];
}

/** A file that is about to be sent, and how. */
export type Attached = Readonly<{ file: File; as: SendAs; viewOnce: boolean }>;

export const attach = (file: File, as: SendAs = waysToSend(file.type)[0]): Attached => ({ file, as, viewOnce: false });

/** Whether a caption stands under what is sent so. */
export const takesCaption = (as: SendAs): boolean => ['image', 'video', 'gif', 'document'].includes(as);
export const takesViewOnce = (as: SendAs): boolean => ['image', 'video', 'voice'].includes(as);

/** Where the first link of a text leads, as people read it: `example.com`; null without one. */
export function siteIn(text: string): string | null {
  const [link] = /https?:\/\/[^\s<>"']+/iu.exec(text) ?? [];
  return link && URL.canParse(link) ? new URL(link).host : null;
}

/** What is in the box once a text was sent that was in it: what was written meanwhile. */
export const restOf = (written: string, sent: string): string =>
  written.startsWith(sent) ? written.slice(sent.length).trimStart() : written;

/** As a player shows it: minutes and two digits of seconds, hours where there are any. */
export function clockOf(seconds: number): string {
  const whole = Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds) : 0;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A place as one opens it in a map. */
export const mapHref = ({ latitude, longitude }: { latitude: number; longitude: number }): string =>
  `https://www.google.com/maps/search/?${new URLSearchParams({ api: '1', query: `${latitude},${longitude}` }).toString()}`;

/** Two numbers as they are written, copied from a map, or in a link to one; null when it is no place. */
export function placeIn(text: string): { latitude: number; longitude: number } | null {
  const [, latitude, longitude] = /(-?\d{1,2}(?:\.\d+)?)\s*(?:,|%2C|\s)\s*(-?\d{1,3}(?:\.\d+)?)/iu.exec(text) ?? [];
  const place = { latitude: Number(latitude), longitude: Number(longitude) };
  return latitude !== undefined && Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : null;
}
