import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';

/** Gives the browser the groups of the catalogue that it needs; a page is not to carry the words of all others. */
export async function Words({ of: groups, children }: { of: readonly string[]; children: React.ReactNode }) {
  const messages = await getMessages();
  const chosen = Object.fromEntries(groups.map((group) => [group, messages[group] as never]));
  return <NextIntlClientProvider messages={chosen}>{children}</NextIntlClientProvider>;
}
