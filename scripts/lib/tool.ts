import { join } from 'node:path';
import { capitalized } from './console.ts';
import { NODE_MODULES, ROOT } from './paths.ts';
import { startChild } from './service.ts';
import { UserFacingError } from './user-facing-error.ts';

export type Tool = {
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  register?: (name: string, pid: number) => () => void;
  /** Hears what the tool writes as it writes it. */
  onLine?: (line: string) => void;
};

const KEPT_LINES = 60;

/** @param script of a dependency, as a path inside `node_modules`. */
export function nodeTool(script: string, ...args: string[]): Pick<Tool, 'command' | 'args'> {
  return { command: process.execPath, args: [join(NODE_MODULES, script), ...args] };
}

/**
 * Runs a tool to its end.
 *
 * @returns what it wrote, its last lines only.
 * @throws UserFacingError with what it wrote when it fails. @throws AbortError when `signal` ends it.
 */
export async function runTool(toolToRun: Tool): Promise<string> {
  const { name, command, args, cwd = ROOT, env = {}, signal, register, onLine } = toolToRun;
  const lines: string[] = [];
  const interrupted = signal ?? new AbortController().signal;
  const tool = await startChild({
    name,
    command,
    args,
    cwd,
    env: { ...process.env, ...env },
    signal: interrupted,
    register: register ?? (() => () => undefined),
    log: (line) => {
      onLine?.(line);
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    },
  });
  const stop = () => void tool.stop();
  interrupted.addEventListener('abort', stop);
  const outcome = await tool.exited;
  interrupted.removeEventListener('abort', stop);
  interrupted.throwIfAborted();
  const output = lines.join('\n');
  if (outcome !== 'exit code 0') throw new UserFacingError(`${capitalized(name)} failed (${outcome}):\n${output}`);
  return output;
}
