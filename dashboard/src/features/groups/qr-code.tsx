'use client';
import { create } from 'qrcode';

/** Modules that stay white around it, or no camera finds it. */
const QUIET = 4;

/** A QR code, dark on white in both themes. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const dark = [...data.keys()].filter((index) => data[index]);
  const side = size + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-44 justify-self-center rounded-xl border border-line bg-white text-black"
    >
      <path
        fill="currentColor"
        d={dark.map((index) => `M${(index % size) + QUIET} ${Math.floor(index / size) + QUIET}h1v1h-1z`).join('')}
      />
    </svg>
  );
}
