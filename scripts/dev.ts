import { runLauncher } from './lib/run-launcher.ts';

await runLauncher({ watch: true });
