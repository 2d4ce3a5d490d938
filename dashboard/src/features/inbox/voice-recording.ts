/** A recording may be so long: WhatsApp takes longer ones, people seldom hear them. */
export const VOICE_SECONDS_MAX = 15 * 60;

/** Enough for a voice, and what the backend makes of it; a quarter of an hour is 4 MB. */
const BITS_PER_SECOND = 32_000;
/** What browsers record, by preference; one that knows none of them chooses for itself. */
const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];
const ENDINGS: Readonly<Record<string, string>> = { 'audio/ogg': 'ogg', 'audio/webm': 'webm', 'audio/mp4': 'm4a' };
/** The recorder hands over so often what it has. */
const PART_MS = 1_000;

/** Why nothing is recorded, each with a cure of its own. */
export type VoiceFault = 'insecure' | 'unsupported' | 'denied' | 'missing' | 'busy' | 'failed';

/** By what browsers call it (W3C Media Capture and Streams, `getUserMedia`). */
const FAULTS: Readonly<Record<string, VoiceFault>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
  NotSupportedError: 'unsupported',
};

/** @param browser what this page has of it */
export function voiceFaultOf(error: unknown, browser: { secure: boolean; records: boolean }): VoiceFault {
  if (!browser.secure) return 'insecure'; // the page then has no microphones at all
  if (!browser.records) return 'unsupported';
  return (error instanceof Error ? FAULTS[error.name] : undefined) ?? 'failed';
}

/** What is being recorded, or was. */
export type Recording = Readonly<{
  /** How loud it is just now, from 0 to 1. */
  level: () => number;
  seconds: () => number;
  /** Ends it, if it has not ended, and says what was recorded; the same file each time. */
  finish: () => Promise<File>;
  ended: Promise<VoiceEnd>;
}>;

/** `full` it is as long as it may be; `lost` the microphone went away; `finished` it was asked for. */
export type VoiceEnd = 'full' | 'lost' | 'finished';

/**
 * Listens, once it is allowed to. The microphone is given back when the recording ends, however it does.
 *
 * @param discarded nobody wants it any more, even before it begins
 * @throws what `voiceFaultOf` explains
 */
export async function record(discarded: AbortSignal): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  const tracks = stream.getTracks();
  try {
    discarded.throwIfAborted();
    return follow(stream, discarded);
  } catch (error) {
    for (const track of tracks) track.stop();
    throw error;
  }
}

function follow(stream: MediaStream, discarded: AbortSignal): Recording {
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, {
    audioBitsPerSecond: BITS_PER_SECOND,
    ...(type ? { mimeType: type } : {}),
  });
  const { level, close } = meterOf(stream);
  const parts: Blob[] = [];
  const began = performance.now();
  let over: number | undefined;
  let finished = false;
  let file: File | undefined;
  const seconds = (): number => Math.min(((over ?? performance.now()) - began) / 1000, VOICE_SECONDS_MAX);
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const limit = setTimeout(stop, VOICE_SECONDS_MAX * 1000);
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => {
      over = performance.now();
      clearTimeout(limit);
      for (const track of stream.getTracks()) track.stop();
      close();
      resolve();
    });
  });
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  discarded.addEventListener('abort', () => {
    stop();
    for (const track of stream.getTracks()) track.stop(); // at once: nobody is to think that he is still heard
  });
  recorder.start(PART_MS);
  return {
    level,
    seconds,
    ended: stopped.then(() => (seconds() >= VOICE_SECONDS_MAX ? 'full' : finished ? 'finished' : 'lost')),
    finish: async () => {
      finished = true;
      stop();
      await stopped;
      const [kind = ''] = recorder.mimeType.split(';');
      return (file ??= new File(parts, `voice.${ENDINGS[kind] ?? 'bin'}`, { type: kind }));
    },
  };
}

/** Without one it is recorded all the same. */
function meterOf(stream: MediaStream): { level: () => number; close: () => void } {
  try {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(stream).connect(analyser);
    void context.resume().catch(() => undefined); // it may have begun asleep
    return {
      level: () => {
        analyser.getFloatTimeDomainData(samples);
        return Math.min(1, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
      },
      close: () => void context.close().catch(() => undefined),
    };
  } catch {
    return { level: () => 0, close: () => undefined };
  }
}
