import type { IncomingHttpHeaders } from 'node:http';

/** What the capture in front of the host's body parser left at a request. */
export interface CapturedBody {
  readonly bytes: Uint8Array;
  /** As the client sent them: an adapter's own parser may be shown others. */
  readonly contentType: string | undefined;
}

const CAPTURED = Symbol('captured body');

interface Holder {
  [CAPTURED]?: CapturedBody;
  /** Where hosts that were made with `rawBody: true` keep the bytes. */
  rawBody?: unknown;
  headers?: IncomingHttpHeaders;
}

/** @param request of any adapter: the capture and the reader see the same object */
export function keepBody(request: object, body: CapturedBody): void {
  const holder = request as Holder; // every property is optional
  holder[CAPTURED] = body;
  holder.rawBody = Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
}

/** Undefined: nobody kept the bytes. */
export function keptBody(request: object): CapturedBody | undefined {
  const holder = request as Holder; // every property is optional
  if (holder[CAPTURED] !== undefined) return holder[CAPTURED];
  if (!(holder.rawBody instanceof Uint8Array)) return undefined;
  return { bytes: holder.rawBody, contentType: holder.headers?.['content-type'] };
}

/** The body as the host's guards and loggers may look at it: JavaScript's numbers, and undefined where it is no JSON. */
export function lossyBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
