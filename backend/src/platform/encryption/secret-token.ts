import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret that is shown once, as `wsl_…`: the prefix tells people, and those who search for leaked secrets, what it is. */
export const newSecretToken = (prefix: string): string => `${prefix}${randomBytes(TOKEN_BYTES).toString('base64url')}`;

/** What is kept of it. No slow hash: 32 random bytes cannot be guessed, and every request has to compute it. */
export const hashSecretToken = (token: string): Buffer => createHash('sha256').update(token).digest();
