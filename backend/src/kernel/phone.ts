import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';

/**
 * A phone number in E.164 with its plus sign, as `+972541234567`. Spaces, dashes and brackets are taken off; a number
 * without country code is refused, because guessing a country writes to strangers.
 */
export const Phone = z
  .string()
  .trim()
  .meta({ examples: ['+972501234567'] })
  .transform((input, context) => {
    const compact = input.replace(/[\s().-]/g, '').replace(/^00/, '+');
    const parsed = parsePhoneNumberFromString(compact.startsWith('+') ? compact : `+${compact}`);
    if (parsed?.isPossible()) return parsed.number;
    context.addIssue({ code: 'custom', message: 'Give the number with its country code, as in +972 54 123 4567.' });
    return z.NEVER;
  })
  .brand<'Phone'>();
export type Phone = z.infer<typeof Phone>;

/** For logs: the country code and the last two digits, as `+972…67`. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length < 6 ? '…' : `+${digits.slice(0, 3)}…${digits.slice(-2)}`;
}
