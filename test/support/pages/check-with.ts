import { execFile } from 'node:child_process';
import { placeOf, type Block } from './read-page.js';

/** What a program that reads the block from its standard input says against it; undefined when it takes it. */
export function checkWith(
  program: string,
  args: readonly string[],
  block: Block,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], (error, _stdout, stderr) => {
      resolve(error === null ? undefined : `${placeOf(block)}: ${stderr || error.message}`);
    });
    child.stdin?.end(block.text);
  });
}

/** Whether the program is there. */
export function isThere(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], (error) => {
      resolve(error === null);
    });
  });
}
