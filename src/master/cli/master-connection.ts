import { readFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { resolve } from 'node:path';
import { codeOf, reasonOf } from '../../postgres/index.js';
import { adminTokenFile } from '../access/admin-token.js';
import { CliError } from './cli.error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A running master and the token to use it with. */
export class MasterConnection {
  private constructor(
    readonly url: string,
    private readonly token: string,
    private readonly advice: string,
  ) {}

  /**
   * Finds the master by `MASTER_URL` (default: this machine's, on `PORT`) and the token by `MASTER_TOKEN` (default: the one
   * kept in `DATA_DIR`), and asks it whether it takes the token.
   *
   * @param advice what to do when the connection breaks later
   * @throws CliError when there is no master, or it does not take the token.
   */
  static async open(
    environment: Environment,
    advice = 'What went in stays; repeat the import.',
  ): Promise<MasterConnection> {
    const url = environment['MASTER_URL'] || `http://localhost:${environment['PORT'] || '8080'}`;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new CliError(`MASTER_URL is "${url}"; give an address such as http://localhost:8080.`);
    }
    const master = new MasterConnection(url.replace(/\/+$/, ''), await findToken(environment), advice);
    const answer = await master.answerTo(master.begin('GET', '/me').end());
    answer.resume();
    if (answer.statusCode === 200) return master;
    throw new CliError(
      answer.statusCode === 401
        ? `The master at ${master.url} does not know the token. Set MASTER_TOKEN to the one it printed at its start.`
        : `What answers at ${master.url} is no trial metadata master (status ${answer.statusCode}). Set MASTER_URL.`,
    );
  }

  /** Begins a request to a route below `/api/v1`. */
  begin(method: string, path: string, headers: Readonly<Record<string, string>> = {}): ClientRequest {
    const start = this.url.startsWith('https:') ? httpsRequest : httpRequest;
    return start(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    });
  }

  /** Waits for the head of the answer. */
  async answerTo(request: ClientRequest): Promise<IncomingMessage> {
    return await new Promise((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', (error) => {
        reject(this.unreachable(error));
      });
    });
  }

  /** What to say when the connection cannot be had, or breaks. */
  unreachable(error: unknown): CliError {
    const code = codeOf(error);
    const message =
      code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH'
        ? `There is no master at ${this.url} (${code}). Start one with npm start, or set MASTER_URL.`
        : `The connection to the master at ${this.url} broke (${code || reasonOf(error)}). ${this.advice}`;
    return new CliError(message, { cause: error });
  }
}

async function findToken(environment: Environment): Promise<string> {
  const given = environment['MASTER_TOKEN'];
  if (given) return given;
  const file = adminTokenFile(resolve(environment['DATA_DIR'] || '.data'));
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new CliError(`There is no token in ${file}. Set MASTER_TOKEN to one that the master takes.`, {
      cause: error,
    });
  }
}
