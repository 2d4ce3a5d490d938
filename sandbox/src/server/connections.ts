/** The open sockets, and which linked device is on which. */
import type { Connection } from './connection.ts';
import { type DeviceRef, deviceKey } from './directory.ts';

export class Connections {
  readonly #open = new Set<Connection>();
  readonly #byDevice = new Map<string, Connection>();

  get count(): number {
    return this.#open.size;
  }

  add(connection: Connection): void {
    this.#open.add(connection);
  }

  bind(device: DeviceRef, connection: Connection): void {
    connection.device = device;
    this.#byDevice.set(deviceKey(device), connection);
  }

  /** Forgets a closed connection. Returns the device that is now offline: none when another connection took its place. */
  remove(connection: Connection): DeviceRef | undefined {
    this.#open.delete(connection);
    const { device } = connection;
    if (!device || this.#byDevice.get(deviceKey(device)) !== connection) return undefined;
    this.#byDevice.delete(deviceKey(device));
    return device;
  }

  /** The connection that a device is logged in on. */
  of(device: DeviceRef): Connection | undefined {
    return this.#byDevice.get(deviceKey(device));
  }

  /** Logged-in connections of a phone number's devices, or of all for `*`. */
  matching(target: string): Connection[] {
    return [...this.#byDevice.values()].filter(({ device }) => target === '*' || device?.phone === target);
  }

  all(): Connection[] {
    return [...this.#open];
  }
}
