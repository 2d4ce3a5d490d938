/** The certificate chain by which the server proves its Noise key: root → intermediate → leaf. Only the root is pinned. */
import { Curve, proto } from '@whiskeysockets/baileys';
import { sign } from './signatures.ts';
import { nowSeconds } from './time.ts';

type KeyPair = Readonly<{ public: Buffer; private: Buffer }>;

/** Everything that must survive a restart so that clients keep trusting the sandbox. */
export type NoisePki = Readonly<{
  /** 32 bytes; what a client pins (`WA_CERT_DETAILS.PUBLIC_KEY` in Baileys). */
  rootPublicKey: Buffer;
  /** The server's static Noise key, which the leaf certifies. */
  staticKey: KeyPair;
  /** Encoded `CertChain`. */
  chain: Buffer;
}>;

const TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600;

export function createNoisePki(): NoisePki {
  const [root, intermediate, leaf] = [keyPair(), keyPair(), keyPair()];
  const chain = proto.CertChain.encode({
    // Baileys asks for issuer serial 0 above the intermediate (`WA_CERT_DETAILS.SERIAL`).
    intermediate: certify(root, { serial: 1, issuerSerial: 0, key: intermediate.public }),
    leaf: certify(intermediate, { serial: 2, issuerSerial: 1, key: leaf.public }),
  }).finish();
  return { rootPublicKey: root.public, staticKey: leaf, chain: Buffer.from(chain) };
}

function keyPair(): KeyPair {
  const pair = Curve.generateKeyPair();
  return { public: Buffer.from(pair.public), private: Buffer.from(pair.private) };
}

function certify(issuer: KeyPair, subject: { serial: number; issuerSerial: number; key: Buffer }) {
  const notBefore = nowSeconds() - 3600;
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    ...subject,
    notBefore,
    notAfter: notBefore + TEN_YEARS_SECONDS,
  }).finish();
  return { details, signature: sign(issuer.private, details) };
}
