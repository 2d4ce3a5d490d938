/** What tests of other workspaces use of the sandbox: `import { … } from '@wasel/sandbox/testing'`. */
export { startSandbox, type Sandbox, type SandboxOptions } from '../index.ts';
export { BaileysClient, ClientClosed, type ClientEvent, type ClientOptions, textOf } from './baileys-client.ts';
export { EventLog } from './event-log.ts';
export { Harness } from './harness.ts';
export { memoryAuth, type MemoryAuth } from './memory-auth.ts';
export { ControlProblem, SandboxControl, type Stats } from './sandbox-control.ts';
export { SandboxProcess } from './sandbox-process.ts';
export { silenceLibsignal } from '../silence-libsignal.ts';
export { repairCurveVerify, trustSandbox } from './trust-sandbox.ts';
