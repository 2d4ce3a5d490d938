import { z } from 'zod';
import { MediaId } from '../../kernel/ids.ts';

/** What a file can be sent as, each a type of message. A GIF of WhatsApp's is a film without sound that begins by itself. */
export const FILE_TYPES = ['image', 'video', 'gif', 'audio', 'voice', 'document', 'sticker'] as const;
export type FileType = (typeof FILE_TYPES)[number];

export const isFileType = (type: string): type is FileType => (FILE_TYPES as readonly string[]).includes(type);

/** What WhatsApp takes as a voice message, and nothing else: one channel of Opus in Ogg. */
export const VOICE_TYPE = 'audio/ogg; codecs=opus';

/** A stored file. `url` is a signed link of this API that works for a short time without further credentials. */
export const MediaView = z.object({
  id: MediaId,
  /** Sniffed from the content, never taken from the name. */
  mime_type: z.string(),
  size_bytes: z.number().int(),
  file_name: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Of a recording or film; null while it is not known. */
  duration_seconds: z.number().int().nullable(),
  /** `pending` it is looked into, and messages with it wait; `failed` it is sent as it is, and not as a voice message */
  preparation: z.enum(['none', 'pending', 'ready', 'failed']),
  url: z.string(),
  /** A small JPEG, by a link as `url`; null where there is none. */
  thumbnail_url: z.string().nullable(),
});
export type MediaView = z.infer<typeof MediaView>;
