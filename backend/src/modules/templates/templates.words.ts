/** For those who put a value into a text that is no template. */
export { asText } from './templates.rules.ts';

/** What a template is for. */
export const TEMPLATE_CATEGORIES = [
  'trial_welcome',
  'subscription_expiring',
  'subscription_activated',
  'payment_reminder',
  'custom',
] as const;

/** What can be sent with a text below it. */
export const HEADER_TYPES = ['image', 'document'] as const;
