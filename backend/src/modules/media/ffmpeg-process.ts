/**
 * A process of its own for one file: FFmpeg as WebAssembly, which sees that file and nothing else. It is told a path to read and one
 * to write, and answers with one line of JSON (`Inspection`). What is wrong with a file ends this process, and nothing besides.
 */
import { fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Core } from '@ffmpeg/core';
import type { Inspection } from './media.inspector.ts';

/** Samples of the picture of a recording, a second. */
const WAVE_RATE = 4_000;
/** Heights that WhatsApp draws of a voice message. */
const WAVE_BARS = 64;
const OPUS = [
  '-ac',
  '1',
  '-ar',
  '48000',
  '-c:a',
  'libopus',
  '-b:a',
  '32k',
  '-application',
  'voip',
  '-map_metadata',
  '-1',
];

const [, , input = '', output = ''] = process.argv;
const core = await load();
const lines: string[] = [];
core.setLogger(({ message }) => lines.push(message));
core.FS.mkdir('/in');
core.FS.mount(core.FS.filesystems.WORKERFS, { blobs: [{ name: 'file', data: lazily(input) }] }, '/in');
process.stdout.write(`${JSON.stringify(inspect())}\n`);
process.exit(0);

function inspect(): Inspection {
  core.exec('-hide_banner', '-i', '/in/file');
  const told = lines.join('\n');
  const video = /Stream #.*: Video: (?!.*attached pic).*?, (\d+)x(\d+)/.exec(told);
  const audio = /Stream #.*: Audio: (\w+).*?, \d+ Hz, ([^,\n]+)/.exec(told);
  const duration = secondsOf(/Duration: (\d+):(\d+):(\d+\.\d+)/.exec(told));
  if (video) return inspectVideo(video, /rotation of -?(90|270)/.test(told), duration);
  if (!audio) return { durationSeconds: null, width: null, height: null, waveform: null, wrote: null };
  const isVoice = /Input #0, ogg/.test(told) && audio[1] === 'opus' && audio[2] === 'mono';
  return inspectAudio(isVoice);
}

/** A frame of its beginning that is rarely black. */
function inspectVideo([, width, height]: RegExpExecArray, turned: boolean, duration: number | null): Inspection {
  const at = String(Math.min(1, (duration ?? 0) / 2));
  core.exec('-ss', at, '-i', '/in/file', '-frames:v', '1', '-vf', 'scale=320:-2', '-f', 'mjpeg', '/frame');
  const [w, h] = turned ? [Number(height), Number(width)] : [Number(width), Number(height)];
  return {
    durationSeconds: duration === null ? null : Math.ceil(duration),
    width: w,
    height: h,
    waveform: null,
    wrote: write('/frame') ? 'frame' : null,
  };
}

function inspectAudio(isVoice: boolean): Inspection {
  const wave = ['-vn', '-ac', '1', '-ar', String(WAVE_RATE), '-f', 's16le', '/wave'];
  const voice = isVoice ? [] : ['-vn', ...OPUS, '-f', 'ogg', '/voice'];
  core.exec('-i', '/in/file', ...wave, ...voice);
  const bytes = core.FS.analyzePath('/wave').exists ? core.FS.readFile('/wave') : new Uint8Array();
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2));
  if (samples.length === 0) return { durationSeconds: null, width: null, height: null, waveform: null, wrote: null };
  return {
    durationSeconds: Math.max(1, Math.round(samples.length / WAVE_RATE)),
    width: null,
    height: null,
    waveform: barsOf(samples),
    wrote: !isVoice && write('/voice') ? 'voice' : null,
  };
}

/** How loud each part is against the loudest, 0 to 100. */
function barsOf(samples: Int16Array): number[] {
  const bars = Array.from({ length: WAVE_BARS }, (_, bar) => {
    const part = samples.subarray(
      Math.floor((bar * samples.length) / WAVE_BARS),
      Math.max(Math.floor(((bar + 1) * samples.length) / WAVE_BARS), 1),
    );
    return part.reduce((sum, sample) => sum + Math.abs(sample), 0) / Math.max(1, part.length);
  });
  const loudest = Math.max(...bars, 1);
  return bars.map((bar) => Math.round((bar / loudest) * 100));
}

function write(path: string): boolean {
  if (!core.FS.analyzePath(path).exists) return false;
  const content = core.FS.readFile(path);
  if (content.length > 0) writeFileSync(output, content, { mode: 0o600 });
  return content.length > 0;
}

function secondsOf(match: RegExpExecArray | null): number | null {
  const [, hours, minutes, seconds] = match ?? [];
  return seconds === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The build is for a browser's worker; what it asks of one is little. */
async function load(): Promise<Core> {
  Object.assign(globalThis, {
    self: globalThis,
    WorkerGlobalScope: class {},
    location: { href: 'file:///' },
    importScripts: () => undefined,
    FileReaderSync: class {
      readAsArrayBuffer(slice: { bytes: () => ArrayBuffer }): ArrayBuffer {
        return slice.bytes();
      }
    },
  });
  const ffmpeg = await import('@ffmpeg/core');
  return ffmpeg.default({ wasmBinary: readFileSync(createRequire(import.meta.url).resolve('@ffmpeg/core/wasm')) });
}

/** A file as the build's file system wants it, read as it is asked for: never whole in memory. */
function lazily(path: string) {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const slice = (from: number, to: number) => {
    const length = Math.max(0, Math.min(to, size) - from);
    const bytes = () => {
      const part = Buffer.alloc(length);
      readSync(file, part, 0, length, from);
      return part.buffer.slice(part.byteOffset, part.byteOffset + length);
    };
    return { size: length, bytes };
  };
  return { size, slice };
}
