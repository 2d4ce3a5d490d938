/**
 * libsignal prints session objects, private keys included, to the console. This drops what comes from it and lets all
 * other output through. Process-wide; calling it again changes nothing.
 */
const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
const silenced = Symbol.for('wasel.silenced');

export function silenceLibsignal(): void {
  const target = console as Console & { [silenced]?: true };
  if (target[silenced]) return;
  target[silenced] = true;
  for (const method of METHODS) {
    const original = console[method].bind(console);
    console[method] = (...facts: unknown[]) => {
      // eslint-disable-next-line unicorn/error-message -- only its stack is wanted
      if (!/[\\/]libsignal[\\/]/.test(new Error().stack ?? '')) original(...facts);
    };
  }
}
