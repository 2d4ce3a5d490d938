/** Baileys' credentials and keys in memory. Values go through JSON, as any real store would have it, so nothing is shared. */
import {
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
} from '@whiskeysockets/baileys';

export type MemoryAuth = AuthenticationState & { readonly rows: Map<string, string> };

export function memoryAuth(): MemoryAuth {
  const rows = new Map<string, string>();
  return {
    rows,
    creds: initAuthCreds(),
    keys: {
      get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
        const found: { [id: string]: SignalDataTypeMap[T] } = {};
        for (const id of ids) {
          const row = rows.get(`${type}/${id}`);
          if (row === undefined) continue;
          const value: unknown = JSON.parse(row, BufferJSON.reviver);
          // A protobuf message writes its bytes as base64 text; only it can read them back.
          const isMessage = type === 'app-state-sync-key';
          found[id] = (
            isMessage ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value
          ) as SignalDataTypeMap[T];
        }
        return found;
      },
      set(data: SignalDataSet) {
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values)) {
            if (value === null) rows.delete(`${type}/${id}`);
            else rows.set(`${type}/${id}`, JSON.stringify(value, BufferJSON.replacer));
          }
        }
      },
    },
  };
}
