import { format } from 'prettier';

/** The page with the part `<!-- written: name -->` … `<!-- end -->` filled in, in Prettier's layout. */
export async function withPart(page: string, name: string, content: string): Promise<string> {
  const start = `<!-- written: ${name} -->\n`;
  const from = page.indexOf(start);
  const to = page.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`There is no part "${name}".`);
  const filled = `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
  return await format(filled, {
    parser: 'markdown',
    singleQuote: true,
    printWidth: 110,
    trailingComma: 'all',
  });
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
