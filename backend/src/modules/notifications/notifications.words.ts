/** Ways by which Wasel tells people. */
export const CHANNELS = ['whatsapp', 'email'] as const;

export const NOTIFICATION_STATES = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
