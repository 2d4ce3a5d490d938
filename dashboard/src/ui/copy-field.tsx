'use client';
import { Check, Copy } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Button } from './button';
import { CONTROL } from './control';

/** Something to be taken elsewhere. Where the browser does not let us copy, it is selected for who does it by hand. */
export function CopyField({
  label,
  value,
  copy,
  copied,
}: {
  label: string;
  value: string;
  copy: string;
  copied: string;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState(false);
  const Icon = done ? Check : Copy;
  const take = async (): Promise<void> => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setDone(true);
    } catch {
      input.current?.focus();
    }
  };
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          ref={input}
          id={id}
          dir="ltr"
          readOnly
          value={value}
          className={`${CONTROL} font-mono`}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button className="shrink-0" onClick={() => void take()}>
          <Icon className="size-4" aria-hidden /> {done ? copied : copy}
        </Button>
      </div>
      <span role="status" className="sr-only">
        {done ? copied : ''}
      </span>
    </div>
  );
}
