import { Queries } from '@/features/shell/queries';

/** Pages for who has not come in yet. */
export default function DoorLayout({ children }: { children: React.ReactNode }) {
  return <Queries>{children}</Queries>;
}
