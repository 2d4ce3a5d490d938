import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NODE_MODULES, ROOT } from './lib/paths.ts';

/** Who imports what: the picture that `.oxlintrc.json` draws, seen from both sides. */
const ALLOWED: [file: string, specifier: string][] = [
  ['backend/src/kernel/phone.ts', 'zod'],
  ['backend/src/kernel/phone.ts', './ids.ts'],
  ['backend/src/config/config.ts', 'zod'],
  ['backend/src/config/config.ts', '../kernel/ids.ts'],
  ['backend/src/platform/database/tenant-db.ts', '../../kernel/ids.ts'],
  ['backend/src/platform/database/tenant-db.ts', '../../config/config.ts'],
  ['backend/src/modules/messages/messages.service.ts', '../../platform/database/tenant-db.ts'],
  ['backend/src/modules/messages/messages.service.ts', '../sessions/sessions.service.ts'],
  ['backend/src/modules/messages/messages.service.ts', './messages.rules.ts'],
  ['backend/src/modules/messages/inbound-changes.ts', '../sessions/poll-votes.ts'],
  ['backend/src/modules/sessions/sessions.module.ts', './whatsapp/endpoint.ts'],
  ['backend/src/modules/sessions/whatsapp/connection.ts', '@whiskeysockets/baileys'],
  ['backend/src/modules/sessions/whatsapp/connection.ts', 'libsignal'],
  ['backend/src/modules/messages/messages.dto.ts', '../sessions/sessions.dto.ts'],
  ['backend/src/modules/messages/messages.dto.ts', '../../kernel/ids.ts'],
  ['backend/src/modules/messages/messages.http.spec.ts', '@wasel/sandbox/testing'],
  ['sandbox/src/server/server.ts', '@whiskeysockets/baileys'],
  ['dashboard/src/app/page.tsx', '@/features/inbox/inbox-screen'],
  ['dashboard/src/features/inbox/inbox-screen.tsx', '@/ui/button'],
  ['dashboard/src/features/inbox/inbox-screen.tsx', '@/lib/api'],
  ['dashboard/src/features/inbox/inbox.api.ts', '@wasel/backend/contract/words'],
  ['dashboard/src/ui/button.tsx', '@/lib/cx'],
  ['dashboard/src/lib/api.ts', '@wasel/backend/contract/words'],
];

const FORBIDDEN: [file: string, specifier: string][] = [
  ['backend/src/kernel/phone.ts', '../platform/database/tenant-db.ts'],
  ['backend/src/kernel/phone.ts', '@nestjs/common'],
  ['backend/src/kernel/phone.ts', 'node:fs'],
  ['backend/src/config/config.ts', '../platform/database/pools.ts'],
  ['backend/src/config/config.ts', '../modules/auth/caller.ts'],
  ['backend/src/platform/http/http.module.ts', '../../modules/auth/auth.guard.ts'],
  ['backend/src/platform/http/http.module.ts', '@whiskeysockets/baileys'],
  ['backend/src/modules/messages/messages.service.ts', '@whiskeysockets/baileys'],
  ['backend/src/modules/sessions/sessions.service.ts', 'libsignal/src/curve.js'],
  ['backend/src/modules/messages/messages.service.ts', '../sessions/sessions.controller.ts'],
  ['backend/src/modules/messages/messages.service.ts', '../webhooks/webhooks.worker.ts'],
  ['backend/src/modules/messages/inbound-changes.ts', '../sessions/whatsapp/poll-votes.ts'],
  ['backend/src/modules/sessions/whatsapp/connection.ts', '../../messages/messages.rules.ts'],
  ['backend/src/modules/messages/messages.service.ts', '@wasel/sandbox'],
  ['backend/src/modules/sessions/whatsapp/connection.ts', '@wasel/sandbox'],
  ['backend/src/modules/messages/messages.service.ts', '../../../../sandbox/src/main.ts'],
  ['backend/src/modules/messages/messages.dto.ts', '@nestjs/common'],
  ['backend/src/modules/messages/messages.dto.ts', 'node:crypto'],
  ['backend/src/modules/messages/messages.dto.ts', './messages.service.ts'],
  ['backend/src/contract.ts', './modules/messages/messages.repository.ts'],
  ['sandbox/src/server/server.ts', '@wasel/backend/contract'],
  ['sandbox/src/server/server.ts', '../../../backend/src/kernel/ids.ts'],
  ['dashboard/src/app/page.tsx', '@wasel/backend'],
  ['dashboard/src/app/page.tsx', '@wasel/backend/contract'],
  ['dashboard/src/features/inbox/inbox.api.ts', '@wasel/backend/contract'],
  ['dashboard/src/features/inbox/inbox.api.ts', 'zod'],
  ['dashboard/src/app/page.tsx', '@wasel/sandbox'],
  ['dashboard/src/features/inbox/inbox-screen.tsx', '@/app/providers'],
  ['dashboard/src/features/inbox/inbox-screen.tsx', '@wasel/sandbox/testing'],
  ['dashboard/src/ui/button.tsx', '@/features/inbox/inbox-screen'],
  ['dashboard/src/ui/button.tsx', '@wasel/backend/contract'],
  ['dashboard/src/lib/api.ts', '@/features/inbox/inbox.api'],
  ['dashboard/src/lib/api.ts', '@/ui/button'],
];

/** The numbers of the refused lines, by file. */
const refused = new Map<string, number[]>();
const lines = new Map<string, string[]>();
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'import-directions-'));
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
  for (const [file, specifier] of [...ALLOWED, ...FORBIDDEN]) {
    lines.set(file, [...(lines.get(file) ?? []), `import '${specifier}';`]);
  }
  for (const [file, imports] of lines) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), imports.join('\n'));
  }
  const oxlint = join(NODE_MODULES, 'oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'unix'], { cwd: directory, encoding: 'utf8' });
  for (const [, file = '', line] of stdout.matchAll(/^(\S+?):(\d+):\d+: .*no-restricted-imports/gm)) {
    refused.set(file, [...(refused.get(file) ?? []), Number(line)]);
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

function isRefused(file: string, specifier: string): boolean {
  const line = (lines.get(file) ?? []).indexOf(`import '${specifier}';`) + 1;
  return refused.get(file)?.includes(line) ?? false;
}

describe('the lint rules', () => {
  it.each(ALLOWED)('let %s import %s', (file, specifier) => {
    expect(isRefused(file, specifier)).toBe(false);
  });

  it.each(FORBIDDEN)('refuse that %s imports %s', (file, specifier) => {
    expect(isRefused(file, specifier)).toBe(true);
  });
});
