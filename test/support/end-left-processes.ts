import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ends what the tests of a run that broke off have left running on its folder: masters, then their servers. */
export async function endLeftProcesses(folder: string): Promise<void> {
  for (const pid of await readdir(join(folder, 'processes')).catch(() => [])) end(Number(pid), 'SIGKILL');
  for (const name of await readdir(folder)) {
    if (!name.startsWith('data-')) continue;
    const file = join(folder, name, 'postgres', 'data', 'postmaster.pid');
    const text = await readFile(file, 'utf8').catch(() => '');
    // SIGQUIT is PostgreSQL's immediate shutdown; it takes the server's other processes along.
    if (text !== '') end(Number(text.split('\n')[0]), 'SIGQUIT');
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself, as it should.
  }
}
