import { type Piece, piecesOf } from './formatted.rules';

const MARKED = { bold: 'strong', italic: 'em', struck: 's' } as const;

/** A text with WhatsApp's own marks and with links that can be followed. */
export const Formatted = ({ text }: { text: string }) => <Pieces pieces={piecesOf(text)} />;

const Pieces = ({ pieces }: { pieces: readonly Piece[] }) =>
  // oxlint-disable-next-line react/no-array-index-key -- a piece is where it is
  pieces.map((piece, n) => <One key={n} piece={piece} />);

function One({ piece }: { piece: Piece }) {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'code')
    return <code className="rounded bg-raised px-1 font-mono text-[0.92em]">{piece.text}</code>;
  if (piece.kind === 'link')
    return (
      <a href={piece.href} target="_blank" rel="noreferrer noopener" className="text-accent underline">
        {piece.text}
      </a>
    );
  const Tag = MARKED[piece.kind];
  return (
    <Tag>
      <Pieces pieces={piece.pieces} />
    </Tag>
  );
}
