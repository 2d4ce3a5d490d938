import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { WebSocket } from 'ws';

/** Resident memory of a process, in bytes. */
function residentBytes(pid: number): number {
  if (process.platform === 'linux') {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) * 1024;
}

/** Resident memory once its garbage is collected, through the process's inspector. */
export async function settledBytes(pid: number, inspectPort: number): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${inspectPort}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const call = (id: number, method: string) =>
    new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if ((JSON.parse(data.toString()) as { id?: number }).id === id) resolve();
      });
      socket.send(JSON.stringify({ id, method }));
    });
  for (let id = 1; id <= 3; id += 1) await call(id, 'HeapProfiler.collectGarbage');
  socket.close();
  return residentBytes(pid);
}
