import { VOICE_TYPE } from '../media/media.dto.ts';
import { MediaGone, MediaInPreparation, MediaNotVoice } from '../media/media.errors.ts';
import type { MediaStore } from '../media/media.store.ts';
import type { OutgoingContent, OutgoingFile } from '../sessions/session-traffic.ts';
import type { LinkPreviews } from './link-previews.ts';
import type { Claim, ClaimedFile } from './outbox.claims.ts';

/** A file is read and uploaded, a page is asked what it is. */
export const takesTime = ({ media, content }: Claim): boolean => media !== null || content?.link_preview !== undefined;

/**
 * What WhatsApp is handed of a claimed message; its file is opened when it is read.
 * @throws MediaInPreparation | MediaGone | MediaNotVoice
 */
export function contentOf({ type, text, content, replyTo, target, media }: Claim, store: MediaStore): OutgoingContent {
  return { type, text, content, replyTo, target, file: media && fileOf(media, type, store), preview: null };
}

/**
 * As `contentOf`, with what the page behind a link says now, and what is kept of that with the message.
 * @throws as `contentOf`
 */
export async function contentWithPreview(
  claim: Claim,
  store: MediaStore,
  previews: LinkPreviews,
): Promise<{ outgoing: OutgoingContent; content: Claim['content'] }> {
  const preview = await previewOf(claim, previews);
  const outgoing = { ...contentOf(claim, store), preview };
  if (!preview) return { outgoing, content: claim.content };
  const { url, title, description } = preview;
  return { outgoing, content: { ...claim.content, link_preview: { url, title, description } } };
}

async function previewOf({ type, content }: Claim, previews: LinkPreviews): Promise<OutgoingContent['preview']> {
  return type === 'text' && content?.link_preview ? previews.of(content.link_preview.url) : null;
}

function fileOf(media: ClaimedFile, type: Claim['type'], store: MediaStore): OutgoingFile {
  if (media.inPreparation) throw new MediaInPreparation();
  if (media.removed) throw new MediaGone();
  if (type === 'voice' && !media.voice && media.mimeType !== VOICE_TYPE) throw new MediaNotVoice();
  const { storageKey, voice: _, ...file } = { ...media, ...(type === 'voice' ? voiceOf(media) : {}) };
  return { ...file, open: () => store.open(storageKey) };
}

/** What WhatsApp plays as a voice message. */
const voiceOf = ({ storageKey, sizeBytes, voice }: ClaimedFile) => ({
  storageKey,
  sizeBytes,
  ...voice,
  mimeType: VOICE_TYPE,
});
