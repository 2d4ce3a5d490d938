/** What happens in the sandbox, as it happens: for the page of phones (`GET /events`) and for tests. */
import { EventEmitter } from 'node:events';

export type SandboxEvent =
  /** A phone was created, renamed, went on- or offline, or its linked devices changed. */
  | { type: 'phone'; phone: string }
  /**
   * A message is in a phone's chat: sent or received there, edited or deleted. `id` is WhatsApp's message id, `with` a
   * phone number or a group.
   */
  | { type: 'message'; phone: string; with: string; id: string; direction: 'in' | 'out' }
  /** A message that `phone` sent got further. */
  | { type: 'status'; phone: string; with: string; id: string; status: string }
  /** A call that a phone makes (`out`) or gets (`in`) begins to ring, or ends. */
  | {
      type: 'call';
      phone: string;
      with: string;
      id: string;
      direction: 'in' | 'out';
      state: 'ringing' | 'rejected' | 'ended';
    }
  /** Something happened in a group (`GET /groups/:group/log` has all of it); `phone` did it. */
  | { type: 'group'; phone: string; group: string; event: string }
  /** Somebody (`from`) is typing to `phone`, in the chat `with` him or in a group. */
  | { type: 'typing'; phone: string; from: string; with: string; state: 'composing' | 'recording' | 'paused' }
  | { type: 'presence'; phone: string; online: boolean }
  /** Somebody asks `phone` to link a device by code, or a device was linked or unlinked. */
  | { type: 'pairing'; phone: string; device?: number; state: 'code-requested' | 'linked' | 'unlinked' }
  /** A linked device logged in (and has its queue) or lost its connection. */
  | { type: 'connection'; phone: string; device: number; connected: boolean };

export class SandboxEvents {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  emit(event: SandboxEvent): void {
    this.#emitter.emit('event', event);
  }

  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: SandboxEvent) => void): () => void {
    this.#emitter.on('event', listener);
    return () => void this.#emitter.off('event', listener);
  }
}
