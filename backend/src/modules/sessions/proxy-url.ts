import { z } from 'zod';

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' };

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return protocol in PORTS && hostname !== '' && pathname.replace('/', '') === '' && search === '' && hash === '';
}

/** Where a proxy is and how it is spoken to, as `socks5://user:password@proxy.example.com:1080`. */
export const ProxyUrl = z
  .string()
  .trim()
  .max(2000)
  .refine(isProxyUrl, 'Write it as socks5://user:password@host:1080, or with http:// or https://.')
  .meta({ examples: ['socks5://user:password@proxy.example.com:1080'] });

/** What may be shown of a proxy: no user, no password. */
export function shownProxy(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port || PORTS[protocol]}`;
}
