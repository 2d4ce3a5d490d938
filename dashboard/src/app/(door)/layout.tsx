import { Queries } from '@/features/shell/queries';
import { Words } from '@/i18n/words';

const GROUPS = ['auth', 'join', 'mailbox', 'members', 'shell'];

/** Pages for who has not come in yet. */
export default function DoorLayout({ children }: { children: React.ReactNode }) {
  return (
    <Words of={GROUPS}>
      <Queries>{children}</Queries>
    </Words>
  );
}
