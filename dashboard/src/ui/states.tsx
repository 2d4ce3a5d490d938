import { cx } from '@/lib/cx';
import { Button } from './button';

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cx('animate-pulse rounded-lg bg-raised', className)} />
);

export const Card = ({ className, ...rest }: React.ComponentProps<'section'>) => (
  <section className={cx('rounded-card border border-line bg-surface p-5', className)} {...rest} />
);

export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="grid place-items-center gap-2 px-6 py-14 text-center">
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="max-w-sm text-sm text-quiet">{children}</p>
      {action ? <div className="pt-3">{action}</div> : null}
    </div>
  );
}

export function ErrorState({ text, again, retry }: { text: string; again: string; retry: () => void }) {
  return (
    <div role="alert" className="grid place-items-center gap-3 px-6 py-14 text-center">
      <p className="max-w-md text-sm text-bad">{text}</p>
      <Button look="plain" onClick={retry}>
        {again}
      </Button>
    </div>
  );
}
