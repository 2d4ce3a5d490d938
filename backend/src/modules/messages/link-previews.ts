import { Injectable, Logger } from '@nestjs/common';
import { Parser } from 'htmlparser2';
import sharp from 'sharp';
import { Config } from '../../config/config.ts';
import { PublicFetch } from '../../platform/http/public-fetch.ts';
import type { LinkPreview } from './message-content.dto.ts';

/** What phones show under a text with a link. `thumbnail` is a small JPEG. */
export type FoundPreview = LinkPreview & Readonly<{ thumbnail: Uint8Array | null }>;

/** The message waits for it, and those behind it, too. */
const TIMEOUT_MS = 3_000;
const PAGE_BYTES_MAX = 1024 * 1024;
const PICTURE_PIXELS_MAX = 16_000_000;
/** As Baileys' own: phones show it no larger. */
const THUMBNAIL_WIDTH = 192;
const TITLE_MAX = 300;
const DESCRIPTION_MAX = 500;

/** The first address in a text that is a page of the web; what ends a sentence is none of it. */
export function firstLinkIn(text: string): string | null {
  for (const [found] of text.matchAll(/https?:\/\/[^\s<>"']+/giu)) {
    const address = found.replace(/[.,;:!?)\]}*_~]+$/u, '');
    if (URL.canParse(address)) return address;
  }
  return null;
}

/** Asks pages what they are, through the only way out to an address that somebody typed in. */
@Injectable()
export class LinkPreviews {
  private readonly log = new Logger(LinkPreviews.name);
  private readonly web: PublicFetch;

  constructor(config: Config) {
    const { allowedNetworks } = config.outgoing;
    this.web = new PublicFetch({ timeoutMs: TIMEOUT_MS, bytesMax: PAGE_BYTES_MAX, allowedNetworks });
  }

  /** @returns null when the page does not say what it is, or cannot be asked: the text goes without */
  async of(url: string): Promise<FoundPreview | null> {
    try {
      const page = await this.web.fetch(url, { headers: { accept: 'text/html', 'user-agent': 'WhatsApp/2' } });
      const type = String(page.headers['content-type'] ?? '');
      if (page.status !== 200 || !/html/i.test(type)) return null;
      const { title, description, picture } = describe(decoded(page.body, type));
      if (!title) return null;
      const thumbnail = picture ? await this.thumbnailOf(picture, page.url) : null;
      return { url, title, description, thumbnail };
    } catch (error) {
      this.log.debug({ error: String(error) }, 'a link has no preview');
      return null;
    }
  }

  private async thumbnailOf(picture: string, page: string): Promise<Uint8Array | null> {
    try {
      const { status, body } = await this.web.fetch(new URL(picture, page).href, { headers: { accept: 'image/*' } });
      if (status !== 200) return null;
      return await sharp(body, { limitInputPixels: PICTURE_PIXELS_MAX })
        .resize({ width: THUMBNAIL_WIDTH, withoutEnlargement: true })
        .jpeg({ quality: 60 })
        .toBuffer();
    } catch {
      return null; // what it says is worth showing without it
    }
  }
}

function decoded(body: Buffer, contentType: string): string {
  const [, charset = 'utf-8'] = /charset="?([\w-]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString('utf8'); // a name that nobody knows
  }
}

/** What a page says of itself: Open Graph first, then what browsers and searches show. */
function describe(html: string): { title: string | null; description: string | null; picture: string | null } {
  const said = new Map<string, string>();
  let [title, inTitle] = ['', false];
  const parser = new Parser({
    onopentag(name, { property, name: meta, content }) {
      const key = (property ?? meta ?? '').toLowerCase();
      if (name === 'meta' && content && !said.has(key)) said.set(key, content);
      inTitle = name === 'title' && title === '';
    },
    ontext(text) {
      if (inTitle) title += text;
    },
    onclosetag(name) {
      if (name === 'title') inTitle = false;
    },
  });
  parser.end(html);
  const first = (lengthMax: number, ...found: (string | undefined)[]): string | null =>
    found
      .map((one) =>
        Array.from((one ?? '').replaceAll(/[\s\0]+/g, ' ').trim())
          .slice(0, lengthMax)
          .join(''),
      )
      .find((one) => one !== '') ?? null;
  return {
    title: first(TITLE_MAX, said.get('og:title'), said.get('twitter:title'), title),
    description: first(DESCRIPTION_MAX, said.get('og:description'), said.get('description')),
    picture: said.get('og:image') ?? null,
  };
}
