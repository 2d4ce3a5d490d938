import { getRequestConfig } from 'next-intl/server';
import { cookies, headers } from 'next/headers';
import { LANGUAGE_COOKIE, languageOf } from './languages';

export default getRequestConfig(async () => {
  const locale = languageOf((await cookies()).get(LANGUAGE_COOKIE)?.value, (await headers()).get('accept-language'));
  return { locale, messages: (await import(`../../messages/${locale}.json`)) as Record<string, never> };
});
