import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { codeOf } from '../../postgres/index.js';
import { problemDocument } from './problem-document.js';

/**
 * Bytes of a request's address and headers. Node.js takes 16 KiB by itself, which a cursor behind a value of the longest
 * string would exceed: encrypted and as base64 it takes up to 22 KiB, and a sort may have five of them.
 */
const HEADER_BYTES = 128 * 1024;

const DETAILS: Readonly<Record<number, string>> = {
  400: 'This is no HTTP request that can be understood.',
  408: 'The request did not arrive in time.',
  431: `The address and headers of the request are longer than ${HEADER_BYTES} bytes. Send a long filter or cursor in the body: POST /trials/search.`,
};

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Must be called before the server listens. */
export function setHeaderLimit(server: Server): void {
  // The option `maxHeaderSize` of createServer, which Nest calls, is kept under this name.
  (server as Server & { maxHeaderSize?: number }).maxHeaderSize = HEADER_BYTES;
}

/** Answers what Node.js cannot read as a request as problem details too. */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error, socket: AnsweringSocket) => {
    // Within an answer that has begun nothing else can be said.
    if (!socket.writable || socket._httpMessage?.headersSent === true) {
      socket.destroy();
      return;
    }
    const status = STATUS[codeOf(error)] ?? 400;
    const body = JSON.stringify(problemDocument(status, DETAILS[status] ?? ''));
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/problem+json\r\n` +
        `X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

/** Node.js's own handler looks at this member too; there is no public one. */
type AnsweringSocket = Duplex & { readonly _httpMessage?: { readonly headersSent: boolean } | null };
