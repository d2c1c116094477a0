import { splitLines, type Line } from './split-lines.js';

async function split(
  chunks: readonly string[],
  limit = 100,
): Promise<readonly (readonly [number, string | undefined])[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(stream(chunks), limit)) lines.push(line);
  return lines.map(({ number, bytes }) => [number, bytes && Buffer.from(bytes).toString()]);
}

async function* stream(chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

describe('splitLines', () => {
  it('gives every line, wherever the chunks end', async () => {
    const expected = [
      [1, '{"a": 1}'],
      [2, '{"b": "é"}'],
    ];
    const text = '{"a": 1}\n{"b": "é"}\n';
    expect(await split([text])).toEqual(expected);
    expect(await split(Array.from(text))).toEqual(expected);
  });

  it('gives a last line without a line feed', async () => {
    expect(await split(['a\nb'])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('counts blank lines and leaves them out', async () => {
    expect(await split(['\n \t\r\na\r\n\n', 'b'])).toEqual([
      [3, 'a\r'],
      [5, 'b'],
    ]);
  });

  it('gives no bytes for a line over the limit, and goes on after it', async () => {
    expect(await split(['12345', '678\nab\n', '123456\n'], 5)).toEqual([
      [1, undefined],
      [2, 'ab'],
      [3, undefined],
    ]);
  });

  it('gives nothing for an empty stream', async () => {
    expect(await split([])).toEqual([]);
  });
});
