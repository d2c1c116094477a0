import { Agent, request as send } from 'node:http';

/** A request below the root of an API. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** A body that is no JSON value, and its type. */
  readonly text?: string;
  readonly type?: string;
}

/** Sends requests over connections that stay open, as the clients of a tracker do. */
export class RestClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /**
   * @param token absent: none is sent
   * @param root where the API begins
   */
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    private readonly root = '/api/v1',
  ) {}

  /** @throws Error for an answer that is no success @returns the text of the answer */
  async send({ method, path, body, text, type = 'application/json' }: RestRequest): Promise<string> {
    const content = body === undefined ? text : JSON.stringify(body);
    return await new Promise((resolve, reject) => {
      const headers = {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(content === undefined
          ? {}
          : { 'content-type': type, 'content-length': Buffer.byteLength(content) }),
      };
      const request = send(
        `${this.url}${this.root}${path}`,
        { method, agent: this.agent, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8');
            const status = response.statusCode ?? 0;
            if (status < 300) resolve(answer);
            else reject(new Error(`${method} ${path}: ${status} ${answer.slice(0, 500)}`));
          });
        },
      );
      request.once('error', reject);
      request.end(content);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
