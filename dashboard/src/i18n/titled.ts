import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

/** The title of a page in the browser, by its name in the catalogue. */
export const titled = (key: string) => async (): Promise<Metadata> => ({ title: (await getTranslations())(key) });
