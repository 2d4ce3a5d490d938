import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** What running on this machine leaves behind: data, logs, secrets. Removing it begins anew. */
export const STATE = join(ROOT, '.wasel');

export const LOGS = join(STATE, 'logs');

export const NODE_MODULES = join(ROOT, 'node_modules');

/** What can be made again at any time. */
export const CACHE = join(NODE_MODULES, '.cache/wasel');
