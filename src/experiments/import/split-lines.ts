const LINE_FEED = 0x0a;

/** One line of a stream. */
export interface Line {
  /** Counted from 1, blank lines too. */
  readonly number: number;
  /** Without the line feed; undefined when the line is longer than the limit. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Splits a stream at its line feeds. At most one line and one chunk are held at a time: what goes beyond `limit` bytes
 * is passed over, and the line comes out without its bytes. Blank lines are counted but left out.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line> {
  let number = 0;
  let pieces: Uint8Array[] = [];
  let length = 0;

  const keep = (piece: Uint8Array) => {
    length += piece.length;
    if (length <= limit) pieces.push(piece);
    else pieces = [];
  };
  const finish = (): Line | undefined => {
    number += 1;
    const bytes = length > limit ? undefined : Buffer.concat(pieces);
    pieces = [];
    length = 0;
    return bytes !== undefined && isBlank(bytes) ? undefined : { number, bytes };
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line !== undefined) yield line;
    }
    // A copy, so that a short rest does not keep the whole chunk alive.
    if (start < chunk.length) keep(chunk.slice(start));
  }
  if (length > 0) {
    const line = finish();
    if (line !== undefined) yield line;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
