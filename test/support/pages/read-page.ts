import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

/** A fenced block of a page. */
export interface Block {
  /** Path of the page, from the project's folder. */
  readonly page: string;
  /** Line of the opening fence. */
  readonly line: number;
  /** What stands behind the fence; empty when nothing does. */
  readonly language: string;
  readonly text: string;
  /**
   * Code of a comment `<!-- given … -->` just above, which readers do not see: imports and declarations that a fragment
   * leaves out.
   */
  readonly given: string;
}

/** A page of the documentation. */
export interface Page {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Lines of code that is set off by indentation alone, so that nobody can tell its language. */
  readonly indented: readonly number[];
}

const FENCE = /^( *)```(\S*)\s*$/;

/** Reads a page with its blocks. */
export function readPage(path: string): Page {
  const page = relative(ROOT, path);
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const blocks: Block[] = [];
  const indented: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line);
    if (fence === null) {
      if (/^ {4,}\S/.test(line) && (lines[at - 1] ?? '').trim() === '') indented.push(at + 1);
      continue;
    }
    const [, margin = '', language = ''] = fence;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    if (end < 0) throw new Error(`${page}:${at + 1}: the block does not end.`);
    const body = lines
      .slice(at + 1, end)
      .map((line) => line.slice(Math.min(margin.length, line.search(/\S|$/))));
    blocks.push({
      page,
      line: at + 1,
      language,
      text: `${body.join('\n')}\n`,
      given: givenAbove(lines.slice(0, at).join('\n')),
    });
    at = end;
  }
  return { path: page, text, blocks, indented };
}

/** `docs/mounting.md:12` */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}

function givenAbove(before: string): string {
  const end = before.trimEnd();
  const start = end.lastIndexOf('<!-- given');
  if (start < 0 || !end.endsWith('-->') || end.indexOf('-->', start) !== end.length - 3) return '';
  return end.slice(start + '<!-- given'.length, -3).trim();
}
