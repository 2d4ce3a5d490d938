'use client';
import { useFormatter } from 'next-intl';

const KB = 1024;

/** How large a file is, as people say it. */
export function useFileSize(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) => {
    const inMegabytes = bytes >= KB * KB;
    return format.number(inMegabytes ? bytes / KB / KB : Math.max(bytes / KB, 0.1), {
      style: 'unit',
      unit: inMegabytes ? 'megabyte' : 'kilobyte',
      maximumFractionDigits: inMegabytes || bytes < KB ? 1 : 0,
    });
  };
}
