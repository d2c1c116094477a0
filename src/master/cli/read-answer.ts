import type { IncomingMessage } from 'node:http';

/** The whole body of an answer. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer); // a binary stream gives Buffers
  return Buffer.concat(chunks).toString('utf8');
}

/** What a problem document says in words; undefined for any other text. */
export function detailOf(text: string): string | undefined {
  try {
    const problem = JSON.parse(text) as { readonly detail?: unknown };
    return typeof problem.detail === 'string' ? problem.detail : undefined;
  } catch {
    return undefined;
  }
}
