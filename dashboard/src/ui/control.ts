/**
 * The looks of what is filled in. Its edge is seen at 3:1; on a phone its text is 16 px, else the browser zooms into it.
 */
export const CONTROL =
  'min-h-10 w-full min-w-0 rounded-lg border border-edge bg-surface px-3 text-base text-ink placeholder:text-quiet aria-invalid:border-bad disabled:opacity-60 sm:text-sm';
