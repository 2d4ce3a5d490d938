import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  transpilePackages: ['@wasel/backend'],
  poweredByHeader: false,
  reactStrictMode: true,
  // Few chunks: each is compressed for itself, and what many small ones have in common is then sent many times.
  experimental: {
    turbopackChunking: {
      minChunkSize: 300_000,
      requestCost: 3_000_000,
      maxChunkCountPerGroup: 5,
      maxMergeChunkSize: 2_000_000,
    },
  },
  typescript: { tsconfigPath: 'tsconfig.json' },
};

/** The messages are parsed here, once: the browser formats them, and needs no parser. */
export default createNextIntlPlugin({
  requestConfig: './src/i18n/request.ts',
  experimental: { messages: { path: './messages', locales: 'infer', format: 'json', precompile: true } },
})(config);
