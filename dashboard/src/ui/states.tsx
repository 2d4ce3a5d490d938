import { CircleAlert } from 'lucide-react';
import { cx } from '@/lib/cx';
import { Button } from './button';

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cx('skeleton', className)} />
);

/** What a list looks like before it is there: as many rows, each a figure and two lines. */
export const SkeletonRows = ({ rows, className }: { rows: number; className?: string }) => (
  <div aria-hidden className={cx('grid gap-5', className)}>
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} className="flex items-center gap-3">
        <Skeleton className="size-10 shrink-0 rounded-full" />
        <div className="grid grow gap-2">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3 w-4/5" />
        </div>
      </div>
    ))}
  </div>
);

export const Card = ({ className, ...rest }: React.ComponentProps<'section'>) => (
  <section className={cx('card', className)} {...rest} />
);

/** A small word beside a name. */
export const Chip = ({ children }: { children: React.ReactNode }) => (
  <span className="shrink-0 rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-medium text-accent">{children}</span>
);

export function EmptyState({
  title,
  icon,
  children,
  action,
}: {
  title: string;
  icon?: React.ReactNode;
  children: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-14 text-center">
      {icon ? (
        <span aria-hidden className="mb-2 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
          {icon}
        </span>
      ) : null}
      <h2 className="text-base font-semibold text-balance">{title}</h2>
      <p className="max-w-sm text-sm leading-6 text-balance text-quiet">{children}</p>
      {action ? <div className="pt-4">{action}</div> : null}
    </div>
  );
}

export function ErrorState({ text, again, retry }: { text: string; again: string; retry: () => void }) {
  return (
    <div role="alert" className="grid justify-items-center gap-4 px-6 py-12 text-center">
      <CircleAlert className="size-6 text-bad" aria-hidden />
      <p className="max-w-md text-sm leading-6 text-balance">{text}</p>
      <Button look="plain" onClick={retry}>
        {again}
      </Button>
    </div>
  );
}
