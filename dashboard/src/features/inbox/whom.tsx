import type { ConversationView } from '@wasel/backend/contract';
import { GroupFace } from '@/features/groups/group-face';
import { Avatar } from '@/ui/avatar';

type Whom = Pick<ConversationView, 'contact' | 'group'>;

/** How a person or a group is called; null of a person whose name is not known. */
export const nameOf = ({ contact, group }: Whom): string | null => group?.subject ?? contact?.name ?? null;

/** Where a message to them goes; null while WhatsApp has not said. */
export const addressOf = ({ contact, group }: Whom): string | null => group?.jid ?? contact?.phone_number ?? null;

/** A name, or the number as it is written. */
export const labelOf = (whom: Whom): string => nameOf(whom) ?? whom.contact?.phone_number ?? '';

export function Label({ whom }: { whom: Whom }) {
  const name = nameOf(whom);
  return name === null ? <bdi dir="ltr">{whom.contact?.phone_number}</bdi> : <bdi>{name}</bdi>;
}

export function WhomAvatar({ whom, className }: { whom: Whom; className?: string }) {
  const look = className === undefined ? {} : { className };
  return whom.group ? (
    <GroupFace group={{ kind: 'group', ...whom.group }} {...look} />
  ) : (
    <Avatar name={nameOf(whom)} {...look} />
  );
}
