import { tsImport } from 'tsx/esm/api';

/** Jest imports this file natively, before its own transforms, so the TypeScript behind it is loaded by tsx. */
export default async function setUp() {
  const { startTestCluster } = await tsImport('./test-cluster.ts', import.meta.url);
  const cluster = await startTestCluster();
  process.env.TEST_PG_ADMIN_URL = cluster.adminUrl;
  process.env.TEST_PG_LOGIN_URL_BASE = cluster.loginUrlBase;
  process.env.TEST_PG_TEMPLATE = cluster.template;
  globalThis.testCluster = cluster;
  // Jest ends at once when it is interrupted, without a teardown.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void cluster.stop().finally(() => process.exit(1)));
  }
}
