/** Two people for a newcomer to write to: one to be, one who answers. Made at the first start, and never again. */
import type { Sandbox } from './index.ts';

const DEMO_PHONES = [
  { phone: '12025550101', name: 'Maya' },
  { phone: '12025550102', name: 'Omar (answers by himself)', autoReply: 'You wrote: {text}', autoRead: true },
] as const;

export function createDemoPhones({ phones }: Sandbox): void {
  if (!phones.isEmpty) return;
  for (const phone of DEMO_PHONES) phones.create(phone);
}
