import { Agent, request } from 'node:http';

/** What became of a request: an answer, or none because the connection was refused or broke. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  | { readonly kind: 'refused' | 'broken'; readonly reason: string };

/** Keeps connections open, as training code does that reports every few seconds. */
export const keepAlive = (): Agent => new Agent({ keepAlive: true, maxSockets: Infinity });

/** Sends JSON and waits for the whole answer, as long as it takes. */
export async function send(
  agent: Agent,
  origin: string,
  method: string,
  path: string,
  token: string,
  body?: unknown,
): Promise<Outcome> {
  return await new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const sent = request(`${origin}${path}`, { method, agent, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.on('end', () =>
        resolve({
          kind: 'answer',
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: answer,
        }),
      );
      response.on('error', (error) => resolve({ kind: 'broken', reason: error.message }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: error.code === 'ECONNREFUSED' ? 'refused' : 'broken', reason: error.message }),
    );
    sent.end(text);
  });
}
