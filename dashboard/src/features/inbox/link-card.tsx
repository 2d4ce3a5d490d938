import type { LinkPreview } from '@wasel/backend/contract';

/** What a link leads to, as its sender's WhatsApp saw it. */
export function LinkCard({ preview: { url, title, description } }: { preview: LinkPreview }) {
  if (!/^https?:\/\//.test(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      className="grid w-80 max-w-full min-w-0 gap-0.5 rounded-xl bg-raised px-3 py-2.5"
    >
      <span dir="auto" className="text-beside font-medium wrap-anywhere">
        {title}
      </span>
      {description ? (
        <span dir="auto" className="text-beside line-clamp-2 text-quiet wrap-anywhere">
          {description}
        </span>
      ) : null}
      <bdi dir="ltr" className="w-fit max-w-full truncate text-xs text-quiet">
        {URL.canParse(url) ? new URL(url).host : url}
      </bdi>
    </a>
  );
}
