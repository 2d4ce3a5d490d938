/** A piece of a text: plain, a link, or marked as WhatsApp's apps mark it. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'bold' | 'italic' | 'struck'; pieces: Piece[] }
  | { kind: 'code'; text: string };

const MARKS: Readonly<Record<string, 'bold' | 'italic' | 'struck'>> = { '*': 'bold', _: 'italic', '~': 'struck' };

/**
 * A link, a code, or something between two marks that touch it and no other letter. A mark inside a link belongs to it, and
 * punctuation at the end of a link to its sentence. How far a mark reaches is bounded: a text of marks alone takes no longer.
 */
const TOKEN = new RegExp(
  [
    String.raw`https?://[^\s<>"]*[^\s<>".,;:!?)\]*_~]`,
    '```[^`]+```',
    '`[^`\\n]+`',
    String.raw`(?<![\p{L}\p{N}])([*_~])(?=\S)[^\n]{0,2000}?\S\1(?![\p{L}\p{N}])`,
  ].join('|'),
  'gu',
);

/** What a text says, as WhatsApp's apps show it. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, mark] = match;
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    pieces.push(pieceOf(token, mark));
    at = match.index + token.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}

function pieceOf(token: string, mark: string | undefined): Piece {
  const kind = MARKS[mark ?? ''];
  if (kind) return { kind, pieces: piecesOf(token.slice(1, -1)) };
  if (token.startsWith('`')) return { kind: 'code', text: token.replaceAll(/^`+|`+$/g, '') };
  return { kind: 'link', text: token, href: token };
}
