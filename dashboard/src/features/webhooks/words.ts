/** Texts of a catalogue for what the backend says in short. */
type Words = { (key: string, values?: Record<string, string>): string; has: (key: string) => boolean };

/** Why something was not taken, and what to do about it. @param error as `http_404` or `timed_out` */
export function whyNot(t: Words, error: string | null): string {
  const status = /^http_(\d+)$/.exec(error ?? '')?.[1];
  if (status) return t('errors.http', { status });
  return t.has(`errors.${error}`) ? t(`errors.${error}`) : t('errors.unknown');
}
