/**
 * The phone's side of app state: the settings that it shares with its companions. Baileys takes the account's name from
 * here (`setting_pushName`) and sends no presence before it knows it.
 */
import {
  chatModificationToAppPatch,
  decodeSyncdPatch,
  encodeSyncdPatch,
  newLTHashState,
  proto,
  type LTHashState,
  type WAPatchName,
} from '@whiskeysockets/baileys';
import type { ServerContext } from '../server/context.ts';
import { PHONE_DEVICE } from '../server/directory.ts';
import { appendPatch, readPatches } from '../server/iq/app-state.ts';
import { phoneIdentity } from './phone-identity.ts';

const STATE_KEY = 'app-state-sync-version';

/** Where the push name lives. */
export const PUSH_NAME_COLLECTION: WAPatchName = 'critical_block';

/** Writes the account's name for its companions. The caller holds the phone's lock. */
export async function sharePushName(context: ServerContext, phone: string): Promise<void> {
  const { name } = context.directory.requireAccount(phone);
  const change = chatModificationToAppPatch({ pushNameSetting: name }, '');
  const { appStateKeyId } = phoneIdentity(context.store, phone);
  const known = await catchUp(context, phone, change.type);
  const { patch, state } = await encodeSyncdPatch(change, appStateKeyId, known, keyOf(context, phone));
  context.store.transaction(() => {
    appendPatch(context, { phone, id: PHONE_DEVICE }, change.type, proto.SyncdPatch.encode(patch).finish());
    keepState(context, phone, change.type, state);
  });
}

/** Takes in what companions have written since. A new push name becomes the account's name. */
export async function catchUp(context: ServerContext, phone: string, collection: WAPatchName): Promise<LTHashState> {
  let state = readState(context, phone, collection);
  for (const encoded of readPatches(context, phone, collection).slice(state.version)) {
    let name: string | undefined;
    const patch = proto.SyncdPatch.decode(encoded);
    const next = await decodeSyncdPatch(
      patch,
      collection,
      state,
      keyOf(context, phone),
      ({ syncAction }) => {
        name = syncAction.value?.pushNameSetting?.name ?? name;
      },
      true,
    );
    state = { ...next, version: state.version + 1 };
    const kept = state;
    context.store.transaction(() => {
      keepState(context, phone, collection, kept);
      if (name !== undefined) context.directory.update(phone, { name });
    });
  }
  return state;
}

function keyOf(context: ServerContext, phone: string) {
  return async () => ({ keyData: phoneIdentity(context.store, phone).appStateKey });
}

function readState(context: ServerContext, phone: string, collection: string): LTHashState {
  return (
    (context.store.tables.phoneKeys.get(phone, `${STATE_KEY}/${collection}`) as LTHashState | undefined) ??
    newLTHashState()
  );
}

function keepState(context: ServerContext, phone: string, collection: string, state: LTHashState): void {
  context.store.tables.phoneKeys.put(phone, `${STATE_KEY}/${collection}`, structuredCloneState(state));
}

/** Rows are never mutated in place, and Baileys mutates its state. */
function structuredCloneState({ version, hash, indexValueMap }: LTHashState): LTHashState {
  return { version, hash: Buffer.from(hash), indexValueMap: { ...indexValueMap } };
}
