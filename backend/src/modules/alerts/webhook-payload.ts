import type { DestinationFormat } from './alerts.dto.ts';

const DISCORD_HOSTS = /(^|\.)(discord|discordapp)\.com$/;
/** Discord refuses more. */
const DISCORD_LENGTH_MAX = 2_000;

/** What an address takes, as far as it tells. Discord's own take Slack's shape at `/slack`; all others we know take Slack's. */
export function formatOf(url: string): DestinationFormat {
  const { hostname, pathname } = new URL(url);
  return DISCORD_HOSTS.test(hostname) && !/\/slack\/?$/.test(pathname) ? 'discord' : 'slack';
}

/** Slack reads these as markup; a name must not become a link or call a whole channel. */
const SLACK_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The body of a request to an incoming webhook. */
export const payloadOf = (format: DestinationFormat, text: string): string =>
  JSON.stringify(
    format === 'discord'
      ? { content: text.slice(0, DISCORD_LENGTH_MAX), allowed_mentions: { parse: [] } }
      : { text: text.replaceAll(/[&<>]/g, (character) => SLACK_ENTITIES[character] ?? '') },
  );
