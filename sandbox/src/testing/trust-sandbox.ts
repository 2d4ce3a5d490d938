/** Makes this process's Baileys trust a sandbox, and check signatures in earnest. For tests only. */
import { Curve, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import type { Trust } from '../index.ts';
import { verify } from '../protocol/signatures.ts';

/** Baileys knows one root per process: do not mix sandboxes (or a sandbox and WhatsApp) in one. */
export function trustSandbox(trust: Pick<Trust, 'rootPublicKey'>): void {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(trust.rootPublicKey, 'hex');
  repairCurveVerify();
}

/** rc14's own `Curve.verify` takes every signature. */
export function repairCurveVerify(): void {
  Curve.verify = (publicKey, message, signature) => verify(publicKey, message, signature);
}
