import type { DomainError } from '../../kernel/domain-error.ts';
import { MediaGone, MediaStoreUnavailable } from '../media/media.errors.ts';
import { MediaRejected, SessionOffline } from '../sessions/sessions.errors.ts';
import type { GroupActionKind } from './group-actions.dto.ts';
import {
  GroupActionInterrupted,
  GroupAdminRequired,
  GroupEntryRefused,
  GroupFull,
  GroupGone,
  GroupIsCommunity,
  GroupLinkInvalid,
  GroupRateLimited,
  GroupRefusedByWhatsApp,
  NotInGroup,
} from './groups.errors.ts';

/** WhatsApp lets nothing be done for a moment, because too much was. */
export const ASKED_TOO_MUCH = 429;

const NAMED: Readonly<Record<string, new () => DomainError>> = {
  session_offline: SessionOffline,
  not_in_group: NotInGroup,
  group_admin_required: GroupAdminRequired,
  group_is_community: GroupIsCommunity,
  group_rate_limited: GroupRateLimited,
  group_gone: GroupGone,
  group_link_invalid: GroupLinkInvalid,
  group_entry_refused: GroupEntryRefused,
  group_full: GroupFull,
  group_action_interrupted: GroupActionInterrupted,
  media_rejected: MediaRejected,
  media_gone: MediaGone,
  media_store_unavailable: MediaStoreUnavailable,
};

/** A failure as it was written down. */
export function failureOf(code: string, whatsappCode: number | null): DomainError {
  const Named = NAMED[code];
  return Named ? new Named() : new GroupRefusedByWhatsApp(whatsappCode ?? 0);
}

/** By WhatsApp's code, of what is done to a group that the number is in. */
const WITHIN: Readonly<Record<number, string>> = {
  401: 'group_admin_required',
  403: 'group_admin_required',
  404: 'group_gone',
  410: 'group_gone',
  419: 'group_full',
  [ASKED_TOO_MUCH]: 'group_rate_limited',
};
/** And of one that it wants to be in. */
const BY_LINK: Readonly<Record<number, string>> = {
  401: 'group_entry_refused',
  403: 'group_entry_refused',
  404: 'group_link_invalid',
  406: 'group_link_invalid',
  410: 'group_link_invalid',
  419: 'group_full',
  [ASKED_TOO_MUCH]: 'group_rate_limited',
};

/** What WhatsApp's refusal is called. */
export function refusedAs(kind: GroupActionKind, whatsappCode: number): string {
  const codes = kind === 'join' || kind === 'link_info' ? BY_LINK : WITHIN;
  return codes[whatsappCode] ?? 'group_refused';
}
