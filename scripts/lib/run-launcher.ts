import { Console } from './console.ts';
import { Launcher } from './launcher.ts';
import { describeFailure } from './run-command.ts';
import { loadEnvFile, readSettings, type Settings } from './settings.ts';

/** npm passes Ctrl-C on to us although the terminal told us already: two signals this close are one. */
const SAME_KEY_PRESS_MS = 500;

/** `npm start` and `npm run dev`: brings everything up and stays until it is told to stop. Ends the process. */
export async function runLauncher({ watch }: { watch: boolean }): Promise<void> {
  // When the terminal is closed, what we say has nowhere to go; that must not keep us from stopping in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const console = new Console();
  try {
    loadEnvFile();
    const settings = readSettings(process.env);
    const launcher = new Launcher(settings, console, watch);
    const stopped = stopOnSignal(launcher, console);
    console.line();
    try {
      await launcher.start();
      sayWhatToDo(console, settings);
    } catch (error) {
      if (!stopped.requested()) {
        await launcher.stop();
        throw error;
      }
    }
    await stopped.done;
    console.line('Stopped.');
    process.exit(0);
  } catch (error) {
    console.line();
    console.error(describeFailure(error));
    process.exit(1);
  }
}

function stopOnSignal(launcher: Launcher, console: Console): { done: Promise<void>; requested: () => boolean } {
  let requestedAt: number | undefined;
  const done = new Promise<void>((resolve, reject) => {
    const onSignal = () => {
      if (requestedAt === undefined) {
        requestedAt = performance.now();
        console.line();
        console.line('Stopping; press Ctrl-C again to stop without waiting.');
        launcher.stop().then(resolve, reject);
      } else if (performance.now() - requestedAt > SAME_KEY_PRESS_MS) {
        launcher.kill();
        process.exit(1);
      }
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  });
  return { done, requested: () => requestedAt !== undefined };
}

function sayWhatToDo(console: Console, { publicUrl, whatsapp }: Settings): void {
  console.line();
  console.line(`Wasel is ready: ${console.emphasis(publicUrl)}`);
  console.line();
  console.line('1. Open it and create an account.');
  console.line(
    whatsapp === 'sandbox'
      ? '2. Link a number: its QR is scanned by a virtual phone, so no real one is needed.'
      : '2. Link a number: on the phone, WhatsApp > Linked devices > Link a device, and scan the QR.',
  );
  console.line('3. Ctrl-C stops everything. What you did is kept in .wasel/ for the next start.');
  console.line();
}
