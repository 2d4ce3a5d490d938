'use client';
import { useRouter } from 'next/navigation';

/**
 * A link to a page of ours, which is shown without loading the document anew. Next's own would be a quarter of what a page
 * may weigh beside the framework; see docs/development.md.
 */
export function Link({ href, onClick, ...rest }: React.ComponentProps<'a'> & { href: string }) {
  const router = useRouter();
  return (
    // oxlint-disable-next-line jsx-a11y/anchor-has-content -- among the rest
    <a
      href={href}
      onPointerEnter={() => router.prefetch(href)}
      onClick={(event) => {
        onClick?.(event);
        const elsewhere =
          rest.target === '_blank' ||
          event.button !== 0 ||
          event.metaKey ||
          event.ctrlKey ||
          event.shiftKey ||
          event.altKey;
        if (event.defaultPrevented || elsewhere) return; // a new tab or window, or a download
        event.preventDefault();
        router.push(href);
      }}
      {...rest}
    />
  );
}
