import { join } from 'node:path';
import { runProgram } from '../package/run-program.js';
import { installPackage } from './install-package.js';

/** A Node.js to run the suite with. */
export interface NodeVersion {
  /** E.g. `22.23.3`. */
  readonly version: string;
  readonly program: string;
}

/**
 * The Node.js that runs this script, and of each other major the newest that npm's package `node` carries.
 * @param note told of those that cannot be had
 */
export async function findNodes(
  majors: readonly string[],
  folder: string,
  note: (line: string) => void,
): Promise<readonly NodeVersion[]> {
  const own = process.versions.node;
  const nodes: NodeVersion[] = [{ version: own, program: process.execPath }];
  for (const major of majors) {
    if (own.startsWith(`${major}.`)) continue;
    const home = join(folder, `node-${major}`);
    const failure = await installPackage(home, 'node', major);
    const program = join(home, 'node_modules', 'node', 'bin', 'node');
    const { code, output } = await runProgram(program, ['--version'], { cwd: folder });
    if (code === 0) nodes.push({ version: output.trim().slice(1), program });
    else note(`Node.js ${major} is left out: ${failure ?? output.trim()}`);
  }
  return nodes;
}
