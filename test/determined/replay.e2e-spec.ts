import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bootMaster, type TestMaster } from '../support/index.js';
import { sendRaw } from './send-raw.js';

/** One request of Determined's SDK, or of the script that prepared for it, as it was sent, and what was answered. */
interface Exchange {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

const FOLDER = fileURLToPath(new URL('./recordings/', import.meta.url));
/** In the order of recording, since ids count on. */
const RECORDINGS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort();

const SECRET = /"secret":"([^"]+)"/;

/** What differs from one run to the next: times of the server's own, and tokens that it made. */
function masked(text: string): string {
  return text
    .replace(/("(?:startTime|endTime|createdAt|expiresAt|updatedAt)":)"[^"]*"/g, '$1"<time>"')
    .replace(/("(?:secret|prefix)":)"[^"]*"/g, '$1"<secret>"');
}

describe("what Determined's SDK sent", () => {
  let master: TestMaster;
  /** Tokens of the recording, with those that stand for them now. */
  const secrets = new Map<string, string>();

  beforeAll(async () => {
    master = await bootMaster();
  });

  afterAll(async () => {
    await master.close();
  });

  it.each(RECORDINGS)('is answered as it was then: %s', async (name) => {
    const exchanges = JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as readonly Exchange[];
    expect(exchanges.length).toBeGreaterThan(2);
    for (const { request, status, body } of exchanges) {
      let sent = request;
      for (const [old, now] of secrets) sent = sent.replaceAll(old, now);
      const answer = await sendRaw(Number(new URL(master.url).port), sent);
      // The script's own calls only prepare; what they answer is tested elsewhere.
      const isOfSdk = request.includes('User-Agent: python-requests/');
      const seen = (text: string): string => (isOfSdk ? masked(text) : '');
      expect({ sent, status: answer.status, body: seen(answer.body) }).toEqual({
        sent,
        status,
        body: seen(body),
      });
      const [old, now] = [SECRET.exec(body)?.[1], SECRET.exec(answer.body)?.[1]];
      if (old !== undefined && now !== undefined) secrets.set(old, now);
    }
  });

  it('covers every call, and bodies without a content type', () => {
    const requests = RECORDINGS.flatMap((name) =>
      (JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as readonly Exchange[]).map(
        ({ request }) => request,
      ),
    ).filter((request) => request.includes('User-Agent: python-requests/'));
    const calls = [
      /^POST \/api\/v1\/runs\/\d+\/metadata /,
      /^GET \/api\/v1\/runs\/\d+\/metadata /,
      /^GET \/api\/v1\/projects\/\d+\/metadata\/o\.k /,
      /^GET \/api\/v1\/projects\/\d+\/columns\?tableType=TABLE_TYPE_RUN /,
      /^POST \/api\/v1\/runs /,
      /^GET \/api\/v1\/trials\/\d+ /,
      /^POST \/api\/v1\/auth\/login /,
      /^GET \/api\/v1\/me /,
    ];
    for (const call of calls) expect(requests.some((request) => call.test(request))).toBe(true);
    expect(requests.some((request) => /^content-type:/im.test(request.split('\r\n\r\n')[0] ?? ''))).toBe(
      false,
    );
    expect(requests.some((request) => request.includes('Grpc-Metadata-x-allocation-token: Bearer'))).toBe(
      true,
    );
  });
});
