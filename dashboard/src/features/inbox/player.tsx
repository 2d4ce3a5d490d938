'use client';
import { Pause, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '@/ui/button';
import { clockOf } from './message.rules';

const SPEEDS = [1, 1.5, 2];
/** One at a time is heard. */
let heard: HTMLAudioElement | null = null;

/** A voice message or a piece of sound: play and pause, how far it is, how fast. */
export function Player({ src, label, seconds }: { src: string; label: string; seconds: number | null }) {
  const t = useTranslations('inbox.player');
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds ?? 0);
  const [speed, setSpeed] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const own = audio.current;
    return () => own?.pause(); // else it goes on without its buttons
  }, []);

  const Icon = playing ? Pause : Play;
  const rate = SPEEDS[speed] ?? 1;
  function toggle(): void {
    const own = audio.current;
    if (!own) return;
    if (!own.paused) return own.pause();
    if (heard !== own) heard?.pause();
    heard = own;
    own.play().catch(() => setFailed(own.error !== null));
  }
  if (failed) return <p className="text-quiet italic">{t('failed')}</p>;
  return (
    <div role="group" aria-label={label} className="flex w-64 max-w-full min-w-0 items-center gap-2 py-1">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none */}
      <audio
        ref={audio}
        src={src}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onError={() => setFailed(true)}
        onTimeUpdate={({ currentTarget: { currentTime, ended } }) => setAt(ended ? 0 : currentTime)}
        onDurationChange={({ currentTarget: { duration } }) => Number.isFinite(duration) && setLength(duration)}
      />
      <IconButton className="rounded-full" label={playing ? t('pause') : t('play')} onClick={toggle}>
        <Icon className="size-4 fill-current rtl:-scale-x-100" aria-hidden />
      </IconButton>
      <div className="grid min-w-0 grow gap-0.5">
        <input
          type="range"
          aria-label={t('seek')}
          aria-valuetext={t('at', { at: clockOf(at), length: clockOf(length) })}
          className="-my-2.5 h-10 w-full min-w-0 cursor-pointer accent-accent"
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={Math.min(at, length)}
          onChange={({ target: { value } }) => {
            if (audio.current) audio.current.currentTime = Number(value);
            setAt(Number(value));
          }}
        />
        <bdi dir="ltr" className="w-fit text-xs text-quiet tabular-nums">
          {playing || at > 0 ? `${clockOf(at)} / ${clockOf(length)}` : clockOf(length)}
        </bdi>
      </div>
      <Button
        look="ghost"
        aria-label={t('speed', { speed: String(rate) })}
        className="px-1.5 text-xs tabular-nums"
        onClick={() => {
          const next = (speed + 1) % SPEEDS.length;
          setSpeed(next);
          if (audio.current) audio.current.playbackRate = SPEEDS[next] ?? 1;
        }}
      >
        <bdi dir="ltr">{rate}×</bdi>
      </Button>
    </div>
  );
}
