'use client';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createContext, lazy, Suspense, use, useCallback, useEffect, useState } from 'react';
import { Button, IconButton } from '@/ui/button';
import { Kbd } from '@/ui/kbd';

const Palette = lazy(() => import('./palette'));
const Open = createContext<() => void>(() => undefined);

/** Has the palette open by a key (Ctrl K or ⌘ K), and by the buttons inside. */
export function WithPalette({ children }: { children: React.ReactNode }) {
  const [open, setOpen] = useState(false);
  const show = useCallback(() => setOpen(true), []);
  useEffect(() => {
    const toggle = (event: KeyboardEvent): void => {
      // By its place on the keyboard: a Hebrew or Arabic layout has another letter there.
      if (event.code !== 'KeyK' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    document.addEventListener('keydown', toggle);
    return () => document.removeEventListener('keydown', toggle);
  }, []);
  return (
    <Open value={show}>
      {children}
      <Suspense>{open ? <Palette close={() => setOpen(false)} /> : null}</Suspense>
    </Open>
  );
}

/** Says the key, where there is a keyboard. */
export function PaletteButton() {
  const t = useTranslations('shell');
  return (
    <Button look="plain" className="justify-start px-3 font-normal text-quiet" onClick={use(Open)}>
      <Search className="size-4" aria-hidden />
      <span className="grow truncate text-start">{t('search')}</span>
      <Kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'}</Kbd>
    </Button>
  );
}

export function PaletteIcon() {
  const t = useTranslations('shell');
  return (
    <IconButton look="ghost" label={t('search')} onClick={use(Open)}>
      <Search className="size-5" aria-hidden />
    </IconButton>
  );
}
