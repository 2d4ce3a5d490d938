'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '@/lib/api';

/** What the server refused will be refused again; what it did not hear may be asked again. */
const retry = (failures: number, error: Error): boolean =>
  failures < 3 && !(error instanceof Problem && error.status < 500);

/** The answers of the API, for the pages that show them. What somebody does while he is offline fails and says so, and does not wait. */
export function Queries({ children }: { children: React.ReactNode }) {
  const [cache] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { retry, staleTime: 5_000 }, mutations: { networkMode: 'always' } },
      }),
  );
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}
