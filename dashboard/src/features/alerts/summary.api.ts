'use client';
import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/api';

/** Apart from the other calls: it is on every page. */
export const alertSummaryQuery = () =>
  queryOptions({ queryKey: ['alerts', 'summary'], queryFn: () => call('AlertSummary', '/alerts/summary') });
