'use client';
import { useState } from 'react';
import { cx } from '@/lib/cx';

/** Takes the first file that is dropped or pasted anywhere on it, and says so while one hovers above. */
export function DropZone({
  invitation,
  onFile,
  className,
  children,
}: {
  invitation: string;
  /** None: nothing is taken here now. */
  onFile: ((file: File) => void) | undefined;
  className?: string;
  children: React.ReactNode;
}) {
  const [above, setAbove] = useState(false);
  const take = (files: FileList): boolean => {
    const [file] = files;
    if (file) onFile?.(file);
    return file !== undefined;
  };
  return (
    <div
      className={cx('relative', className)}
      onPaste={(event) => {
        if (take(event.clipboardData.files)) event.preventDefault();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault(); // else the browser leaves the page and opens the file
        setAbove(onFile !== undefined);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setAbove(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setAbove(false);
        take(event.dataTransfer.files);
      }}
    >
      {children}
      {above ? (
        <p className="pointer-events-none absolute inset-2 grid place-items-center rounded-card border-2 border-dashed border-accent bg-accent-soft/90 font-medium">
          {invitation}
        </p>
      ) : null}
    </div>
  );
}
