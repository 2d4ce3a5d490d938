/** A page of the product: every one is as wide, and its title stands in the same place. */
export function Page({
  title,
  above,
  action,
  children,
}: {
  title: React.ReactNode;
  /** Stands over the title, as the way back. */
  above?: React.ReactNode;
  action?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-1 gap-6 px-4 py-6 sm:px-8 sm:py-9">
      <header className="grid gap-1">
        {above}
        <div className="flex min-h-10 flex-wrap items-center justify-between gap-3">
          <h1 className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-2xl font-semibold tracking-tight wrap-anywhere">
            {title}
          </h1>
          {action}
        </div>
      </header>
      {children}
    </div>
  );
}
