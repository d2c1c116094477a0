import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { placeOf, type Block, type Page } from './read-page.js';

/** A command of a `console` block, and what the page says that it prints. */
export interface Command {
  readonly place: string;
  readonly line: string;
  /** `…` stands for anything. */
  readonly output: string;
}

/** What a command printed, beside what the page says. */
export interface Run extends Command {
  readonly actual: string;
}

/** Where readers get these from; the test gives others. */
const SETTINGS = 'export URL=';

/** Every `$ command` of the page with the lines below it, in order. */
export function commandsOf(page: Page): readonly Command[] {
  return page.blocks.filter(({ language }) => language === 'console').flatMap(commandsIn);
}

function commandsIn(block: Block): readonly Command[] {
  return block.text
    .split(/^\$ /m)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const end = endOfCommand(text);
      return { place: placeOf(block), line: text.slice(0, end), output: text.slice(end).trim() };
    });
}

/** Where the command ends: not behind `\`, within single quotes, or in a document that stands in the command itself. */
function endOfCommand(text: string): number {
  const document = /<<'(\w+)'/.exec(text)?.[1];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    const command = text.slice(0, end);
    const isQuoted = command.split("'").length % 2 === 0;
    const isWithin = document !== undefined && !command.endsWith(`\n${document}`);
    if (!command.endsWith('\\') && !isQuoted && !isWithin) return end;
  }
  return text.length;
}

/** Runs the commands in one shell and an empty folder, so that one may set a variable or write a file for the next. */
export async function runSession(
  commands: readonly Command[],
  environment: Readonly<Record<string, string>>,
): Promise<readonly Run[]> {
  const script = commands
    .map(({ line }) => (line.startsWith(SETTINGS) ? '' : `{ ${line}\n} 2>&1`))
    .map((line) => `${line}\nprintf '\\0'\n`)
    .join('');
  const cwd = await mkdtemp(join(tmpdir(), 'session-'));
  try {
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd,
      env: { PATH: process.env['PATH'], ...environment },
      maxBuffer: 64 * 1024 * 1024,
    });
    const outputs = stdout.split('\0');
    return commands.map((command, index) => ({
      ...command,
      actual: (outputs[index] ?? '').replaceAll('\r\n', '\n').trim(),
    }));
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** What the output must look like; white space between the parts of JSON is as free as it is in JSON. */
export function patternOf(output: string): RegExp {
  const parts = squeeze(output)
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*?')}$`);
}

/** JSON without the white space that means nothing; anything else as it is. */
export function squeeze(output: string): string {
  return /^[[{]/.test(output)
    ? output.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''))
    : output;
}
