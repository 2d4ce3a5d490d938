'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { SendHorizontal, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { IconButton } from '@/ui/button';
import { clockOf } from './message.rules';
import { uploadOnce, useSendHere } from './use-send-here';
import {
  record,
  type Recording,
  VOICE_SECONDS_MAX,
  type VoiceEnd,
  type VoiceFault,
  voiceFaultOf,
} from './voice-recording';

type VoiceRecorderProps = {
  conversation: ConversationView;
  replyTo: string | undefined;
  /** What is wrong; nothing any more. */
  tell: (fault: string | undefined) => void;
  /** It was sent, is no longer wanted, or cannot be. */
  leave: () => void;
  /** It was accepted. */
  sent: () => void;
};

/**
 * In place of the box while somebody speaks. It records as long as it is there: what goes with it, as when another conversation
 * is opened, is gone and the microphone given back.
 */
export default function VoiceRecorder({ conversation, replyTo, tell, leave, sent }: VoiceRecorderProps) {
  const t = useTranslations('inbox');
  const here = useSendHere(conversation);
  const [sending, setSending] = useState(false);
  const { recording, ended } = useRecording((fault) => {
    tell(t(`voice.${fault}`));
    leave();
  });

  async function submit(): Promise<void> {
    if (!recording || sending) return;
    tell(undefined);
    setSending(true);
    try {
      const file = await recording.finish();
      if (file.size === 0) {
        tell(t('voice.nothing'));
        return leave();
      }
      const media = await uploadOnce(file);
      await here.send({ type: 'voice', media_id: media.id, ...(replyTo ? { reply_to: replyTo } : {}) });
      sent();
      leave();
    } catch (error) {
      setSending(false);
      tell(faultIn(t, error, t('voice.notSent')));
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape, wherever the focus is in it
    <div
      role="group"
      aria-label={t('types.voice')}
      className="flex min-w-0 grow items-center gap-2"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || sending) return;
        event.preventDefault(); // nor is it for the chat
        leave();
      }}
    >
      <IconButton look="ghost" label={t('voice.discard')} disabled={sending} onClick={leave}>
        <Trash2 className="size-5" aria-hidden />
      </IconButton>
      <Progress recording={recording} ended={ended} />
      <IconButton ref={focusIt} label={t('voice.send')} busy={sending} onClick={() => void submit()}>
        <SendHorizontal className="size-5 rtl:-scale-x-100" aria-hidden />
      </IconButton>
    </div>
  );
}

const focusIt = (button: HTMLButtonElement | null): void => button?.focus();

/** Begins at once, and ends with whoever uses it. */
function useRecording(failed: (fault: VoiceFault) => void) {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [ended, setEnded] = useState<VoiceEnd | null>(null);
  const fail = useEffectEvent(failed);
  useEffect(() => {
    const gone = new AbortController();
    record(gone.signal).then(
      (begun) => {
        setRecording(begun);
        void begun.ended.then(setEnded);
      },
      (error: unknown) => {
        if (gone.signal.aborted) return;
        const records = typeof MediaRecorder === 'function' && 'mediaDevices' in navigator;
        fail(voiceFaultOf(error, { secure: isSecureContext, records }));
      },
    );
    return () => gone.abort();
  }, []);
  return { recording, ended };
}

/** How long it is and how loud; said to who cannot see it once a minute. */
function Progress({ recording, ended }: { recording: Recording | null; ended: VoiceEnd | null }) {
  const t = useTranslations('inbox.voice');
  const { seconds, levels } = useMeter(recording, ended !== null);
  const minutes = Math.floor(seconds / 60);
  const said = minutes === 0 ? t('recording') : t('minutes', { count: minutes });
  return (
    <>
      {recording ? (
        <span className="flex shrink-0 items-center gap-2 text-sm tabular-nums">
          <span
            className={cx('size-2.5 rounded-full', ended ? 'bg-edge' : 'bg-bad motion-safe:animate-pulse')}
            aria-hidden
          />
          <bdi dir="ltr" role="timer" aria-label={t('length')}>
            {clockOf(seconds)}
          </bdi>
        </span>
      ) : null}
      {recording && !ended ? <Wave levels={levels} /> : null}
      <p role="status" className={cx('min-w-0 grow text-sm text-quiet', recording && !ended && 'sr-only')}>
        {ended ? t(ended, { minutes: VOICE_SECONDS_MAX / 60 }) : recording ? said : t('asking')}
      </p>
    </>
  );
}

const LOOK_MS = 100;
const BARS = 120;
/** In pixels: from one bar to the next, and half of the highest. */
const STEP = 4;
const HALF = 14;

function useMeter(recording: Recording | null, ended: boolean): { seconds: number; levels: readonly number[] } {
  const [seen, setSeen] = useState<{ seconds: number; levels: readonly number[] }>({ seconds: 0, levels: [] });
  useEffect(() => {
    if (!recording || ended) return;
    const look = (): void =>
      setSeen(({ levels }) => ({
        seconds: recording.seconds(),
        levels: [...levels, recording.level()].slice(-BARS),
      }));
    const looking = setInterval(look, LOOK_MS);
    return () => clearInterval(looking);
  }, [recording, ended]);
  return ended && recording ? { ...seen, seconds: recording.seconds() } : seen;
}

/** The newest at the end; what has no room is cut off. */
function Wave({ levels }: { levels: readonly number[] }) {
  const bars = levels.map((level, n) => {
    const half = 1 + Math.min(1, Math.sqrt(level) * 1.8) * (HALF - 1);
    return `M${(BARS - levels.length + n) * STEP + STEP / 2} ${HALF + 2 - half}v${2 * half}`;
  });
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${BARS * STEP} ${2 * HALF + 4}`}
      preserveAspectRatio="xMaxYMid slice"
      className="h-8 w-0 max-w-120 min-w-0 grow text-accent rtl:-scale-x-100"
    >
      <path d={bars.join('')} stroke="currentColor" strokeWidth={2} strokeLinecap="round" fill="none" />
    </svg>
  );
}
