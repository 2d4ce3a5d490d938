import type { ContactCard } from './message-content.dto.ts';
import type { SentCard } from './send-message.dto.ts';

/** A card as phones read it, vCard 3.0 (RFC 2426). `waid` is how WhatsApp knows that a number can be written to. */
export function cardOf({ name, phones, organization, email }: SentCard): ContactCard {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped(name)};;;`,
    `FN:${escaped(name)}`,
    ...(organization === undefined ? [] : [`ORG:${escaped(organization)}`]),
    ...phones.map((phone) => `TEL;type=CELL;waid=${phone.slice(1)}:${phone}`),
    ...(email === undefined ? [] : [`EMAIL:${escaped(email)}`]),
    'END:VCARD',
  ];
  return { name, phones: [...phones], vcard: lines.join('\n') };
}

/** What has a meaning in a card is no letter of a name. */
const escaped = (value: string): string =>
  value.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\r?\n/g, String.raw`\n`);
