import { jidNormalizedUser, type WACallEvent } from '@whiskeysockets/baileys';
import type { Peer } from '../session-traffic.ts';
import { peerOf } from './peer.ts';

/** Somebody calls. */
export type IncomingCall = Readonly<{
  id: string;
  /** WhatsApp's address of the caller, without his device: what a rejection is sent to (whatsmeow's call.go). */
  from: string;
  /** Null for a call of a group: nobody in particular is to be answered. */
  caller: Peer | null;
}>;

/** The call while it can be turned down; nothing of one that is over, or that was missed while we were away. */
export function ringing({ id, from, callerPn, status, offline, isGroup }: WACallEvent): IncomingCall[] {
  if (status !== 'offer' || offline || !id || !from) return [];
  const caller = peerOf(from, callerPn);
  const isPerson = !isGroup && (caller.phone !== null || caller.lid !== null);
  return [{ id, from: jidNormalizedUser(from), caller: isPerson ? caller : null }];
}
