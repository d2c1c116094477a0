import type pg from 'pg';

/** The part of a connection of `pg` that takes the rows of a COPY; its types leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
}

/**
 * Sends rows by COPY … FROM STDIN.
 * @param rows lines of COPY's text format, each ending in a line feed, in chunks of any size
 */
export async function copyIn(client: pg.Client, text: string, rows: Iterable<string>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let failure: Error | undefined;
    const copy = {
      submit: (connection: CopyConnection): void => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection): void => void sendAll(connection, rows),
      handleCommandComplete: (): void => undefined,
      handleError: (error: Error): void => {
        failure = error;
      },
      handleReadyForQuery: (): void => (failure === undefined ? resolve() : reject(failure)),
    };
    client.query(copy as unknown as pg.Submittable); // takes anything with these methods
  });
}

async function sendAll(connection: CopyConnection, rows: Iterable<string>): Promise<void> {
  for (const chunk of rows) {
    connection.sendCopyFromChunk(Buffer.from(chunk, 'utf8'));
    if (connection.stream.writableNeedDrain) {
      await new Promise<void>((resolve) => connection.stream.once('drain', resolve));
    }
  }
  connection.endCopyFrom();
}

/** A field of COPY's text format. */
export function copyField(value: string | number | boolean | Date): string {
  const text = value instanceof Date ? value.toISOString() : String(value);
  return text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
