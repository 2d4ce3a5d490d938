import { z } from 'zod';

/** E.164, with or without the plus; kept without. */
export const PhoneNumber = z
  .string()
  .regex(/^\+?[1-9]\d{6,14}$/, 'Write a phone number with its country code, e.g. +12025550101.')
  .transform((phone) => phone.replace('+', ''));
