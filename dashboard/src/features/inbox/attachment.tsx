'use client';
import type { MediaView, MessageView } from '@wasel/backend/contract';
import { Download, FileText, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { cx } from '@/lib/cx';
import { Skeleton } from '@/ui/states';
import { useActions } from './chat-actions';
import { clockOf } from './message.rules';
import { Player } from './player';
import { useFileSize } from './use-file-size';

/** Few messages need it: it is loaded with the first that does. */
const LostFile = lazy(() => import('./lost-file'));

type WithFile = MessageView & { media: MediaView };

/** The file of a message as what it is; a place for it while it is fetched; and in words why there is none. */
export function Attachment({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const { media, media_state: state, type } = message;
  if (state === 'pending') return <Skeleton className={type === 'voice' ? 'h-12 w-56' : 'h-32 w-56'} />;
  if (state === 'failed' || state === 'requested' || state === 'removed')
    return (
      <Suspense fallback={<Skeleton className="h-12 w-56" />}>
        <LostFile message={message} />
      </Suspense>
    );
  if (!media) return null;
  const shown = { ...message, media };
  if (type === 'sticker') return <Sticker message={shown} />;
  if (type === 'image' || type === 'video' || type === 'gif') return <Picture message={shown} />;
  if (type === 'audio' || type === 'voice')
    return (
      <Player
        src={media.url}
        label={t(`types.${type}`)}
        seconds={message.content?.duration_seconds ?? media.duration_seconds}
      />
    );
  return <Document media={media} />;
}

const Sticker = ({ message: { media } }: { message: WithFile }) => {
  const t = useTranslations('inbox');
  return (
    // oxlint-disable-next-line nextjs/no-img-element -- signed links are fetched as they are
    <img src={media.url} alt={t('types.sticker')} width={144} height={144} className="size-36 object-contain" />
  );
};

/** It is seen large when it is chosen. Its place is as high as it will be: nothing moves when it arrives. */
function Picture({ message }: { message: WithFile }) {
  const t = useTranslations('inbox');
  const { ask } = useActions();
  const { media, type, content } = message;
  const { width, height } = sizeOf(media);
  const look = cx('block h-full w-full object-cover', content?.video_note ? 'rounded-full' : 'rounded-xl');
  const seconds = content?.duration_seconds ?? media.duration_seconds ?? undefined;
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      className="relative block max-w-full overflow-hidden rounded-xl bg-raised"
      style={{
        ...(content?.video_note ? { width: 192, height: 192 } : { width, aspectRatio: `${width} / ${height}` }),
        // Until it is there itself.
        ...(media.thumbnail_url ? { background: `url("${media.thumbnail_url}") center / cover` } : {}),
      }}
      onClick={() => ask('view', message)}
    >
      {type === 'image' ? (
        // oxlint-disable-next-line nextjs/no-img-element -- signed links are fetched as they are
        <img src={media.url} alt={t('image')} className={look} />
      ) : (
        <>
          <Film media={media} loops={type === 'gif'} className={look} />
          <span className="sr-only">{t(`types.${type}`)}</span>
        </>
      )}
      {type === 'video' ? (
        <span aria-hidden className="absolute inset-0 m-auto grid size-12 place-items-center rounded-full bg-black/60">
          <Play className="size-5 fill-white text-white" />
        </span>
      ) : null}
      {type === 'gif' || seconds !== undefined ? (
        <span
          aria-hidden
          dir="ltr"
          className="absolute start-2 bottom-2 rounded bg-black/60 px-1.5 text-xs leading-5 text-white tabular-nums"
        >
          {type === 'gif' ? 'GIF' : clockOf(seconds ?? 0)}
        </span>
      ) : null}
    </button>
  );
}

/** A GIF plays by itself, again and again, unless its reader wants nothing to move; of a film the beginning is seen. */
const Film = ({ media, loops, className }: { media: MediaView; loops: boolean; className: string }) => (
  <video
    ref={(film) => {
      if (film && loops && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
        film.play().catch(() => undefined); // one that the browser does not let play is a picture
      }
    }}
    src={media.url}
    poster={media.thumbnail_url ?? undefined}
    muted
    loop={loops}
    playsInline
    preload={media.thumbnail_url ? 'none' : 'metadata'}
    tabIndex={-1}
    className={className}
  />
);

const SIDE_MAX = 288;
const SIDE_MIN = 96;

/** How large a picture is shown, in pixels. A very long one is cut. */
export function sizeOf({ width, height }: Pick<MediaView, 'width' | 'height'>): { width: number; height: number } {
  if (!width || !height) return { width: 256, height: 192 };
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  return {
    width: Math.max(SIDE_MIN, Math.round(width * scale)),
    height: Math.max(SIDE_MIN, Math.round(height * scale)),
  };
}

function Document({ media }: { media: MediaView }) {
  const t = useTranslations('inbox');
  const size = useFileSize();
  const ending = /\.(\w{1,5})$/.exec(media.file_name ?? '')?.[1]?.toUpperCase();
  return (
    <a
      href={media.url}
      download={media.file_name ?? ''}
      className="flex w-72 max-w-full min-w-0 items-center gap-3 rounded-xl bg-raised px-3 py-2.5"
    >
      <FileText className="size-6 shrink-0 text-accent" aria-hidden />
      <span className="grid min-w-0 grow">
        <span dir="auto" className="text-beside font-medium wrap-anywhere">
          {media.file_name ?? t('document')}
        </span>
        <bdi className="w-fit text-xs text-quiet">{[ending, size(media.size_bytes)].filter(Boolean).join(' · ')}</bdi>
      </span>
      <Download className="size-4 shrink-0 text-quiet" aria-hidden />
      <span className="sr-only">{t('save')}</span>
    </a>
  );
}
