import { connect } from 'node:net';

/** What a server answered. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends a request as these bytes, and reads one answer that says how long it is. */
export function sendRaw(port: number, request: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'utf8'));
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error(`The connection was closed within the answer:\n${received.toString('utf8')}`));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.subarray(0, end).toString('latin1');
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
      const body = received.subarray(end + 4);
      if (body.length < length) return;
      resolve({ status: Number(head.slice(9, 12)), body: body.toString('utf8') });
      socket.destroy();
    });
  });
}
