import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { BodyTooLargeError, InvalidRequestError, UnsupportedMediaTypeError } from '../metadata.errors.js';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Milliseconds for which the rest of a refused body is let pass, so that the client comes to read the answer. */
const PATIENCE = 5_000;

/**
 * Reads a request's body, decompressed, up to `limit` bytes.
 * @throws BodyTooLargeError as soon as it is known; UnsupportedMediaTypeError for an unknown content encoding;
 * InvalidRequestError when the compression is broken; any other error: the client went away
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  try {
    return await readDecoded(request, limit);
  } catch (error) {
    discardRest(request);
    throw error;
  }
}

/** A client that goes on sending for longer is cut off; until then it may not even look for an answer. */
function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), PATIENCE).unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}

async function readDecoded(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (encoding === 'identity' || encoding === '') {
    if (length > limit) throw new BodyTooLargeError(limit);
    return await collect(request, limit);
  }
  const decoder = Object.entries(DECODERS).find(([name]) => name === encoding)?.[1]();
  if (decoder === undefined)
    throw new UnsupportedMediaTypeError(encoding, Object.keys(DECODERS), 'content encoding');
  request.on('error', (error) => decoder.destroy(error));
  request.pipe(decoder);
  try {
    return await collect(decoder, limit);
  } catch (error) {
    request.unpipe(decoder);
    decoder.destroy();
    const isCutOff = request.destroyed && !request.complete;
    if (error instanceof BodyTooLargeError || isCutOff) throw error;
    throw InvalidRequestError.at(
      'body',
      'invalid_compression',
      `The body is no ${encoding} data, though Content-Encoding says so.`,
    );
  }
}

/** Without `for await`, which would destroy the request, and with it the connection that is to carry the answer. */
function collect(stream: NodeJS.ReadableStream, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isEnded = false;
    const stop = () => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      stop();
      stream.pause();
      reject(new BodyTooLargeError(limit));
    };
    const onEnd = () => {
      isEnded = true;
      stop();
      resolve(Buffer.concat(chunks, length));
    };
    const onError = (error: Error) => {
      stop();
      reject(error);
    };
    const onClose = () => {
      if (!isEnded) onError(new Error('The connection was closed before the body had arrived.'));
    };
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
