import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';

/** What a recording or a film is, and what was written beside it. */
export type Inspection = Readonly<{
  durationSeconds: number | null;
  width: number | null;
  height: number | null;
  /** 64 heights of 0 to 100. */
  waveform: readonly number[] | null;
  /** A frame as JPEG, or the recording as WhatsApp wants it of a voice message. */
  wrote: 'frame' | 'voice' | null;
}>;

/** The process was ended, or ended itself: there is little sense in trying the same file again. */
export class InspectionFailed extends Error {}

const TIME_MAX_MS = 120_000;
const MEMORY_MAX_BYTES = 800 * 1024 * 1024;
const LOOK_MS = 250;
/** Behind everything that people wait for. */
const NICENESS = 10;
const PAGE_BYTES = 4_096;

const EXTENSION = extname(import.meta.url);
const PROGRAM = fileURLToPath(new URL(`./ffmpeg-process${EXTENSION}`, import.meta.url));
/** As it is in the sources, Node.js does not read it. */
const LOADER = EXTENSION === '.ts' ? ['--import', 'tsx'] : [];

/** Looks into recordings and films, each in a process of its own that has little time, memory and nothing of our settings. */
@Injectable()
export class MediaInspector {
  constructor(private readonly clock: Clock) {}

  /** @param output where what it makes is written @throws InspectionFailed */
  async inspect(input: string, output: string, signal?: AbortSignal): Promise<Inspection> {
    const child = spawn(process.execPath, ['--max-old-space-size=256', ...LOADER, PROGRAM, input, output], {
      env: {},
      stdio: ['ignore', 'pipe', 'ignore'],
      ...(signal ? { signal, killSignal: 'SIGKILL' as const } : {}),
    });
    const stop = this.watch(child.pid, () => child.kill('SIGKILL'));
    try {
      const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
      if (code !== 0) throw new InspectionFailed(`the file could not be looked into (${code ?? 'ended'})`);
      return JSON.parse(answer) as Inspection;
    } finally {
      stop();
    }
  }

  /** @returns what ends the watch */
  private watch(pid: number | undefined, kill: () => void): () => void {
    if (pid === undefined) return () => undefined;
    try {
      setPriority(pid, NICENESS);
    } catch {
      // Not everywhere, and it may have ended already.
    }
    const cancelTime = this.clock.setTimeout(kill, TIME_MAX_MS);
    let cancelLook: () => void = () => undefined;
    const look = () => {
      void memoryOf(pid).then((bytes) => bytes > MEMORY_MAX_BYTES && kill());
      cancelLook = this.clock.setTimeout(look, LOOK_MS);
    };
    look();
    return () => {
      cancelTime();
      cancelLook();
    };
  }
}

/** Resident, in bytes; 0 where it is not known: then the build's own 2 GB are the limit. */
const memoryOf = (pid: number): Promise<number> =>
  readFile(`/proc/${pid}/statm`, 'utf8').then(
    (line) => Number(line.split(' ')[1]) * PAGE_BYTES,
    () => 0,
  );
