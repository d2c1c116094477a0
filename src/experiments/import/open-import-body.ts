import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { checkContentType, InvalidRequestError, UnsupportedMediaTypeError } from '../../metadata/index.js';

const TYPES = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/json-lines',
  'text/plain',
];
const ENCODINGS = ['gzip', 'x-gzip'];

/**
 * The body of an import, decompressed, to be read while it arrives. Who stops reading leaves the connection open, and what
 * still comes is passed over.
 * @throws UnsupportedMediaTypeError at once; InvalidRequestError while it is read, when it is no gzip or breaks off
 */
export function openImportBody(request: IncomingMessage): AsyncIterable<Uint8Array> {
  checkContentType(request.headers['content-type'], TYPES);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return read(request);
  if (!ENCODINGS.includes(encoding)) {
    throw new UnsupportedMediaTypeError(encoding, ['gzip', 'identity'], 'content encoding');
  }
  const gunzip = createGunzip();
  // Not a pipeline, which would destroy the request, and with it the connection that carries the answer.
  request.once('error', (error) => gunzip.destroy(error));
  request.once('close', () => {
    if (!request.readableEnded) gunzip.destroy(new Error('The connection was closed.'));
  });
  return read(request.pipe(gunzip));
}

async function* read(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    // A binary stream gives Buffers.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    const message = 'The body is no complete gzip data, though Content-Encoding says so.';
    throw InvalidRequestError.at('body', 'invalid_compression', message);
  } finally {
    stream.resume();
  }
}

function isZlibError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_')
  );
}
