/** What to do about a message that failed, by the code that says why. */
const CURES: Readonly<Record<string, string>> = {
  not_on_whatsapp: 'The number is not on WhatsApp. Check it, or reach the person another way.',
  reach_out_limited:
    'WhatsApp limits new chats of this number for now. Wait some hours, or until the person writes first; trying again right away makes it worse.',
  rate_limited:
    'WhatsApp asked for a slower pace. It is tried again by itself; if it was given up, wait a few minutes and retry it.',
  whatsapp_unavailable: 'WhatsApp was not available. It is tried again by itself; if it was given up, retry it.',
  rejected_by_whatsapp: 'WhatsApp refused it. Open the chat on the phone to see why, then retry it.',
  send_failed: 'It could not be handed to WhatsApp. Check that the number is connected, then retry it.',
  expired: 'It could not leave before it expired. Check that the number is connected, then retry it.',
};
const OTHERWISE = 'WhatsApp did not take it. Retry it; if it fails once more, try from the phone.';

export const cureOf = (code: string): string => CURES[code] ?? OTHERWISE;

/** The same of a reaction, an edit or a deletion. */
export const cureOfChange = (code: string): string =>
  code === 'expired'
    ? 'It could not leave while WhatsApp takes it: an edit for a quarter of an hour, a deletion for two days and a half. The message is as it was.'
    : cureOf(code);
