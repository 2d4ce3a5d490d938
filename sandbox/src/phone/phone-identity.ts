/** A phone's own keys: made once with the account, and kept. */
import { randomBytes } from 'node:crypto';
import { Curve, initAuthCreds } from '@whiskeysockets/baileys';
import type { KeyBundle } from '../server/context.ts';
import type { PhoneIdentity } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

/**
 * Silent phones share one identity: nobody ever decrypts with it, and making a thousand takes minutes.
 * No phone number is written like this.
 */
const SILENT = 'silent';

const isSilent = (store: Store, phone: string): boolean => store.tables.accounts.get('', phone)?.silent === true;

export function phoneIdentity(store: Store, phone: string): PhoneIdentity {
  const { phoneIdentities } = store.tables;
  const owner = isSilent(store, phone) ? SILENT : phone;
  return phoneIdentities.get('', phone) ?? phoneIdentities.get('', owner) ?? createIdentity(store, owner);
}

/** The bundle for somebody who writes to the phone for the first time, with a fresh one-time pre-key if it reads what it gets. */
export function takePhoneKeyBundle(store: Store, phone: string): KeyBundle {
  const identity = phoneIdentity(store, phone);
  const { registrationId, signedPreKey, nextPreKeyId: id } = identity;
  if (isSilent(store, phone)) return { registrationId, identityKey: identity.identityKey.public, signedPreKey };
  const pair = Curve.generateKeyPair();
  store.transaction(() => {
    const kept = { public: Buffer.from(pair.public), private: Buffer.from(pair.private) };
    store.tables.phoneKeys.put(phone, `pre-key/${id}`, kept);
    store.tables.phoneIdentities.put('', phone, { ...identity, nextPreKeyId: id + 1 });
  });
  return { registrationId, identityKey: identity.identityKey.public, signedPreKey, preKey: { id, value: pair.public } };
}

function createIdentity(store: Store, phone: string): PhoneIdentity {
  const { registrationId, signedIdentityKey, signedPreKey } = initAuthCreds();
  const identity: PhoneIdentity = {
    registrationId,
    identityKey: { public: Buffer.from(signedIdentityKey.public), private: Buffer.from(signedIdentityKey.private) },
    signedPreKey: {
      id: signedPreKey.keyId,
      value: Buffer.from(signedPreKey.keyPair.public),
      signature: Buffer.from(signedPreKey.signature),
      private: Buffer.from(signedPreKey.keyPair.private),
    },
    nextPreKeyId: 1,
    appStateKeyId: randomBytes(6).toString('base64'),
    appStateKey: randomBytes(32),
  };
  store.transaction(() => store.tables.phoneIdentities.put('', phone, identity));
  return identity;
}
