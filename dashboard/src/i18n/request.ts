import { getRequestConfig } from 'next-intl/server';
import { cookies, headers } from 'next/headers';
import { LANGUAGE_COOKIE, languageOf } from './languages';

export default getRequestConfig(async () => {
  const locale = languageOf((await cookies()).get(LANGUAGE_COOKIE)?.value, (await headers()).get('accept-language'));
  const { default: messages } = (await import(`../../messages/${locale}.json`)) as { default: Record<string, never> };
  return { locale, messages };
});
