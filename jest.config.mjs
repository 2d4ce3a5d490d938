/** One run for every workspace: `*.spec.ts` by any suffix, `*.e2e.ts` for the browser. See docs/testing.md. */
const swc = {
  jsc: {
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  rootDir: import.meta.dirname,
  roots: [
    '<rootDir>/backend/src',
    '<rootDir>/sandbox/src',
    '<rootDir>/scripts',
    '<rootDir>/testing',
    '<rootDir>/dashboard',
  ],
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts', '**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.next/'],
  modulePathIgnorePatterns: ['/dist/', '/.next/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', swc] },
  globalSetup: '<rootDir>/testing/global-setup.mjs',
  globalTeardown: '<rootDir>/testing/global-teardown.mjs',
  testTimeout: 60_000,
  // Modules of a file that has ended stay in memory: after a hundred files a worker had 5 GB, and collected garbage.
  workerIdleMemoryLimit: '1.5GB',
  // Baileys keeps a timer of 30 s after each first login; nobody waits for it.
  forceExit: true,
};
