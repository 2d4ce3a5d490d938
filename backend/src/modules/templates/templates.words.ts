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
