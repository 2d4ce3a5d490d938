/** The certificate of the media host, from an authority of the sandbox's own, which clients are told to trust. */
import { generate } from 'selfsigned';

/** The certificate authority of the media host, and the certificate it gave the host. PEM. */
export type TlsIdentity = Readonly<{ caCertificate: string; certificate: string; privateKey: string }>;

const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

/** The authority's private key is used once, here, and forgotten: nobody can make more certificates with it. */
export async function createTlsIdentity(): Promise<TlsIdentity> {
  const common = {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + TEN_YEARS_MS),
  } as const;
  const ca = await generate([{ name: 'commonName', value: 'Wasel sandbox media CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const host = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { caCertificate: ca.cert, certificate: host.cert, privateKey: host.private };
}
