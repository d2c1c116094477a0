import { gzipSync } from 'node:zlib';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe.each(['express', 'fastify'] as const)('writing the metadata of a trial, on %s', (adapter) => {
  let host: TinyHost;
  let nextTrial = 1;

  beforeAll(async () => {
    host = await bootTinyHost({ adapter });
  });

  afterAll(() => host.close());

  /** A new trial, so that tests share nothing. */
  const newId = async (): Promise<number> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return id;
  };
  /** The path of the metadata of a new trial. */
  const newTrial = async (): Promise<string> => `/trials/${await newId()}/metadata`;

  describe('GET', () => {
    it('reads a trial without metadata as {} at revision 0', async () => {
      const answer = await host.get(await newTrial());
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        trialId: 1,
        metadata: {},
        revision: 0,
        updatedAt: null,
        updatedBy: null,
      });
      expect(answer.headers.get('etag')).toBe('"0"');
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    });

    it('answers 304 to a reader who has the revision, in every form of If-None-Match', async () => {
      const path = await newTrial();
      await host.post(path, { metadata: { a: 1 } });
      for (const tags of ['"1"', 'W/"1"', '"0", "1"', '*', '"abc" ,W/"1"']) {
        const answer = await host.get(path, { 'if-none-match': tags });
        expect([tags, answer.status, answer.text]).toEqual([tags, 304, '']);
        expect(answer.headers.get('etag')).toBe('"1"');
      }
      for (const tags of ['"0"', 'W/"0"', '"11"']) {
        expect((await host.get(path, { 'if-none-match': tags })).status).toBe(200);
      }
      const malformed = await host.get(path, { 'if-none-match': '1' });
      expect([malformed.status, malformed.body.errors[0].path]).toEqual([400, 'If-None-Match']);
    });
  });

  describe('POST, a report', () => {
    it('replaces the keys it gives and leaves the others', async () => {
      const path = await newTrial();
      await host.post(path, { metadata: { a: { x: 1 }, b: 2 } }, { 'x-user': 'ada' });
      const answer = await host.post(path, { metadata: { a: { y: 1 } } }, { 'x-user': 'bob' });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ metadata: { a: { y: 1 }, b: 2 }, revision: 2, updatedBy: 'bob' });
      expect(answer.headers.get('etag')).toBe('"2"');
      expect(answer.body.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(answer.body.updatedAt) - Date.now())).toBeLessThan(60_000);
      expect((await host.get(path)).text).toBe(answer.text);
    });

    it('makes no revision when it changes nothing', async () => {
      const id = await newId();
      const as = (name: string) => host.clientWith({ headers: { 'x-user': name } });
      expect((await host.client.reportMetadata(id, {})).revision).toBe(0);
      await as('ada').reportMetadata(id, { a: [1, { b: null }], c: 'x' });
      const again = await as('bob').reportMetadata(id, { a: [1, { b: null }] });
      expect(again).toMatchObject({ revision: 1, updatedBy: 'ada' });
      expect((await host.client.history(id)).items).toHaveLength(1);
    });

    it('keeps the digits of a number that is equal by value', async () => {
      const path = await newTrial();
      await host.post(path, '{"metadata":{"a":1}}');
      const answer = await host.post(path, '{"metadata":{"a":1.0}}');
      expect(answer.text).toContain('"metadata":{"a": 1.0},"revision":2');
    });

    it('takes a request without a content type, with parameters, and compressed', async () => {
      const path = await newTrial();
      const bare = await fetch(`${host.url}/api/v1${path}`, {
        method: 'POST',
        body: Buffer.from('{"metadata":{"a":1}}'),
      });
      expect(bare.status).toBe(200);
      for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
        expect((await host.post(path, { metadata: { a: 2 } }, { 'content-type': type })).status).toBe(200);
      }
      const packed = await host.post(path, gzipSync('{"metadata":{"a":3}}'), { 'content-encoding': 'gzip' });
      expect(packed.body.metadata).toEqual({ a: 3 });
    });

    it('keeps every digit in every form of the path that the router takes', async () => {
      const path = await newTrial();
      const forms =
        adapter === 'express' ? [`${path}/`, path.toUpperCase()] : [path.replace('meta', '%6deta')];
      for (const form of forms) {
        const answer = await host.post(form, '{"metadata":{"n":12345678901234567890}}');
        expect(answer.text).toContain('12345678901234567890');
      }
    });
  });

  describe('PUT, PATCH and DELETE', () => {
    it('PUT replaces the whole document', async () => {
      const id = await newId();
      await host.client.reportMetadata(id, { a: 1, b: 2 });
      expect(await host.client.setMetadata(id, { b: 3 })).toMatchObject({ metadata: { b: 3 }, revision: 2 });
      expect((await host.client.setMetadata(id, { b: 3 })).revision).toBe(2);
    });

    const MERGE_PATCH = { 'content-type': 'Application/Merge-Patch+JSON; charset=utf-8' };

    it.each([
      ['the patch itself, as merge-patch+json', MERGE_PATCH, (patch: object) => patch],
      ['{"metadata": patch}, as json', {}, (patch: object) => ({ metadata: patch })],
    ])('PATCH merges in depth and null deletes: %s', async (_form, headers, body) => {
      const path = await newTrial();
      await host.post(path, { metadata: { hardware: { gpu: 'A100', count: 8 }, note: 'x' } });
      const patch = { hardware: { count: 4, gpu: null }, note: null, list: [null] };
      const answer = await host.patch(path, body(patch), headers);
      expect(answer.body).toMatchObject({ metadata: { hardware: { count: 4 }, list: [null] }, revision: 2 });
      expect((await host.patch(path, body({}), headers)).body.revision).toBe(2);
    });

    it('as merge-patch+json a key named metadata is a key like any other', async () => {
      const path = await newTrial();
      await host.patch(path, { metadata: { a: 1 } }, MERGE_PATCH);
      const answer = await host.patch(path, { metadata: { a: null, b: 2 }, revision: 7 }, MERGE_PATCH);
      expect(answer.body.metadata).toEqual({ metadata: { b: 2 }, revision: 7 });
      const wrapped = await host.patch(path, { metadata: { metadata: null } });
      expect(wrapped.body.metadata).toEqual({ revision: 7 });
    });

    it('as json a patch without its envelope is refused, with the names of what is not known', async () => {
      const path = await newTrial();
      const answer = await host.patch(path, { hardware: { count: 4 }, note: null });
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toEqual([
        {
          path: 'metadata',
          code: 'required',
          message: '"metadata" is missing. Or send the patch alone as application/merge-patch+json.',
        },
        expect.objectContaining({ path: 'hardware', code: 'unknown_property' }),
        expect.objectContaining({ path: 'note', code: 'unknown_property' }),
      ]);
      const both = await host.patch(path, { metadata: { a: 1 }, note: 'x' });
      expect([both.status, both.body.errors[0].path]).toEqual([400, 'note']);
      expect((await host.get(path)).body.revision).toBe(0);
    });

    it.each(['null', '[]', '"text"', '7'])('a merge patch that is %s is refused', async (body) => {
      const answer = await host.patch(await newTrial(), body, MERGE_PATCH);
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'not_an_object']);
    });

    it('PATCH makes the first revision too', async () => {
      const record = await host.client.patchMetadata(await newId(), { a: { b: null, c: 1 } });
      expect(record).toMatchObject({ metadata: { a: { c: 1 } }, revision: 1 });
    });

    it('DELETE clears at a new revision, and once', async () => {
      const id = await newId();
      expect(await host.client.clearMetadata(id)).toMatchObject({ metadata: {}, revision: 0 });
      await host.client.reportMetadata(id, { a: 1 });
      expect(await host.client.clearMetadata(id)).toMatchObject({ metadata: {}, revision: 2 });
      expect(await host.client.clearMetadata(id)).toMatchObject({ metadata: {}, revision: 2 });
    });
  });

  describe('nothing altered', () => {
    it('gives back every number, key and string as it came', async () => {
      const path = await newTrial();
      const texts = [
        '9007199254740993',
        '0.1000000000000000055',
        '-1.50',
        '123456789012345678901234567890.123456789',
        '{"toString": null, "__proto__": {"polluted": true}, "constructor": 1}',
        '"\\b\\f\\n\\r\\t\\u0001\\u001f \\" \\\\ / é 漢 \u{1f600} \u2028 \uffff \u{10ffff}"',
        '[[], {}, [null, true, false, "", 0]]',
      ];
      const members = texts.map((text, index) => `"k${index}":${text}`).join(',');
      const emoji = '\u{1f9ea}'.repeat(63);
      const sent = `{"metadata":{${members},"":{"":""},"__proto__":1,"a.b \\"c\\"":2,"${emoji}abc":3}}`;
      const answer = await host.post(path, sent);
      expect(answer.status).toBe(200);
      for (const text of texts) expect(answer.text).toContain(text);
      expect(answer.text).toContain('"__proto__": 1');
      expect(answer.text).toContain(`"${emoji}abc": 3`);
      expect(answer.text).toContain('"": {"": ""}');
      expect((await host.get(path)).text).toBe(answer.text);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });

    it('writes out exponents, which PostgreSQL does not keep, without losing a digit', async () => {
      const path = await newTrial();
      const answer = await host.post(path, '{"metadata":{"a":1e400,"b":-1.5E-7}}');
      expect(answer.text).toContain(`"a": 1${'0'.repeat(400)}, "b": -0.00000015`);
    });

    it('keeps digits through a merge patch and a revert', async () => {
      const path = await newTrial();
      await host.post(path, '{"metadata":{"n":9007199254740993.10,"__proto__":{"x":1}}}');
      const patched = await host.patch(path, '{"metadata":{"m":1.000,"__proto__":{"y":2}}}');
      expect(patched.text).toContain('"__proto__": {"x": 1, "y": 2}');
      expect(patched.text).toContain('"n": 9007199254740993.10');
      expect((await host.post(`${path}/revert`, { revision: 1 })).text).toContain('"n": 9007199254740993.10');
    });
  });

  describe('bad input is a 4xx that says what and where, and writes nothing', () => {
    let path: string;
    const before = async () => (await host.get(path)).text;

    beforeAll(async () => {
      path = await newTrial();
      await host.post(path, { metadata: { kept: true } });
    });

    const refused: readonly (readonly [string, string | undefined, number, string, string])[] = [
      ['no body', undefined, 400, 'body', 'missing_body'],
      ['an empty body', '', 400, 'body', 'missing_body'],
      ['a list', '[]', 400, 'body', 'not_an_object'],
      ['a string', '"metadata"', 400, 'body', 'not_an_object'],
      ['null', 'null', 400, 'body', 'not_an_object'],
      ['metadata missing', '{}', 400, 'metadata', 'required'],
      ['metadata null', '{"metadata":null}', 400, 'metadata', 'not_an_object'],
      ['metadata a list', '{"metadata":[1]}', 400, 'metadata', 'not_an_object'],
      ['metadata a string', '{"metadata":"x"}', 400, 'metadata', 'not_an_object'],
      ['metadata a number', '{"metadata":1}', 400, 'metadata', 'not_an_object'],
      ['another property', '{"metadata":{},"meta data":{}}', 400, '"meta data"', 'unknown_property'],
    ];

    for (const method of ['POST', 'PUT', 'PATCH']) {
      // A patch may stand alone, so no member of it is missing or unknown.
      const cases =
        method === 'PATCH' ? refused.filter(([, , , , code]) => !/required|unknown/.test(code)) : refused;
      it.each(cases)(`${method}: %s`, async (_name, body, status, place, code) => {
        const stands = await before();
        const answer = await host.send(method, path, body);
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(answer.body).toMatchObject({
          type: 'about:blank',
          title: 'Bad Request',
          status,
          code: 'invalid_request',
          errors: [{ path: place, code }],
        });
        expect([answer.status, await before()]).toEqual([status, stands]);
      });
    }

    const broken: readonly (readonly [string, string | Uint8Array])[] = [
      ['broken JSON', '{"metadata":{"a":}}'],
      ['text behind the JSON', '{"metadata":{}} x'],
      ['a duplicate key', '{"metadata":{"a":1,"a":2}}'],
      ['NUL', '{"metadata":{"a":"\\u0000"}}'],
      ['a lone surrogate', '{"metadata":{"a":"\\ud800"}}'],
      ['NaN', '{"metadata":{"a":NaN}}'],
      ['invalid UTF-8', new Uint8Array([...Buffer.from('{"metadata":{"a":"'), 0xff, ...Buffer.from('"}}')])],
      ['a byte order mark', '\ufeff{"metadata":{}}'],
      ['a number beyond numeric', '{"metadata":{"a":1e200000}}'],
      ['100,000 brackets', `{"metadata":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
    ];

    it.each(broken)('%s', async (_name, body) => {
      const stands = await before();
      const answer = await host.post(path, body);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      expect(answer.body.errors.length).toBeGreaterThan(0);
      expect(answer.body.errors[0].message).toMatch(/\S/);
      expect(await before()).toBe(stands);
    });

    it.each(['abc', '0', '-1', '1.5', '01', '1e3', '9007199254740992', '%20', "1'--"])(
      'trial id %s',
      async (id) => {
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
          const body = method === 'GET' || method === 'DELETE' ? undefined : { metadata: {} };
          const answer = await host.send(method, `/trials/${id}/metadata`, body);
          expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'trialId']);
        }
      },
    );

    it('an unknown trial is 404 for every method', async () => {
      const unknown = '/trials/99999999999/metadata';
      for (const [method, place, body] of [
        ['GET', unknown],
        ['GET', `${unknown}/history`],
        ['GET', `${unknown}?revision=0`],
        ['DELETE', unknown],
        ['POST', unknown, { metadata: { a: 1 } }],
        ['POST', unknown, { metadata: {} }],
        ['PUT', unknown, { metadata: { a: 1 } }],
        ['PATCH', unknown, { metadata: { a: 1 } }],
        ['POST', `${unknown}/revert`, { revision: 0 }],
      ] as const) {
        const answer = await host.send(method, place, body);
        expect([method, answer.status, answer.body.code]).toEqual([method, 404, 'trial_not_found']);
      }
      expect(
        await host.dataSource.query('SELECT 1 FROM trial_metadata WHERE trial_id = 99999999999'),
      ).toEqual([]);
    });

    it.each([
      ['text/plain', 'POST'],
      ['application/x-www-form-urlencoded', 'POST'],
      ['application/merge-patch+json', 'POST'],
      ['application/json; charset=utf-16', 'PUT'],
      ['multipart/form-data; boundary=x', 'PATCH'],
    ])('content type %s of a %s is 415', async (type, method) => {
      const answer = await host.send(method, path, '{"metadata":{"a":1}}', { 'content-type': type });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
      expect(answer.body.detail).toContain('application/json');
    });

    it('an unknown content encoding is 415, and a broken one 400', async () => {
      const unknown = await host.post(path, '{}', { 'content-encoding': 'lzma' });
      expect([unknown.status, unknown.body.code]).toEqual([415, 'unsupported_media_type']);
      const torn = await host.post(path, '{}', { 'content-encoding': 'gzip' });
      expect([torn.status, torn.body.errors[0].code]).toEqual([400, 'invalid_compression']);
    });

    it('a body over the limit is 413, sent plainly, in chunks or compressed', async () => {
      const large = `{"metadata":{"a":"${'x'.repeat(2_000_000)}"}}`;
      const plain = await host.post(path, large);
      expect([plain.status, plain.body.code]).toEqual([413, 'body_too_large']);
      const packed = await host.post(path, gzipSync(large), { 'content-encoding': 'gzip' });
      expect([packed.status, packed.body.code]).toEqual([413, 'body_too_large']);
      const stream = new ReadableStream({
        start(controller) {
          for (let i = 0; i < 40; i += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(50_000)));
          controller.close();
        },
      });
      const chunked = await fetch(`${host.url}/api/v1${path}`, {
        method: 'POST',
        body: stream,
        duplex: 'half',
      });
      expect(chunked.status).toBe(413);
      expect((await host.get(path)).body.metadata).toEqual({ kept: true });
    });

    it('every limit that is broken is listed at once, with limit and actual', async () => {
      const deep = '{"d":'.repeat(11) + '1' + '}'.repeat(11);
      const body = `{"metadata":{"deep":${deep},"text":"${'x'.repeat(16_385)}","list":[${'0,'.repeat(1_000)}0],"${'k'.repeat(256)}":1}}`;
      const stands = await before();
      const answer = await host.post(path, body);
      expect(answer.status).toBe(400);
      const problems = new Map(answer.body.errors.map((error: { code: string }) => [error.code, error]));
      expect(problems.size).toBeGreaterThanOrEqual(5);
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ limit: 16_384, actual: 16_385 }));
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ limit: 1_000, actual: 1_001 }));
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ limit: 255, actual: 256 }));
      expect(await before()).toBe(stands);
    });

    it('limits hold for the merged document: size and leaf values', async () => {
      const { client } = host;
      const own = await newId();
      const block = 'x'.repeat(16_000);
      for (let i = 0; i < 16; i += 1) await client.reportMetadata(own, { [`k${i}`]: block });
      const stands = await client.readMetadata(own);
      await expect(client.reportMetadata(own, { last: block })).rejects.toMatchObject({
        status: 400,
        errors: [{ path: 'metadata', limit: 262_144, actual: expect.any(Number) }],
      });
      expect(await client.readMetadata(own)).toEqual(stands);
      // Replacing a key of the same size stays possible.
      expect((await client.reportMetadata(own, { k3: 'y'.repeat(16_000) })).revision).toBe(17);

      const many = await newId();
      await client.reportMetadata(many, { a: Array(999).fill(0) });
      await client.reportMetadata(many, { b: 1 });
      const tooMany = { status: 400, errors: [{ limit: 1_000, actual: 1_001 }] };
      await expect(client.reportMetadata(many, { c: {} })).rejects.toMatchObject(tooMany);
      await expect(client.patchMetadata(many, { c: 1 })).rejects.toMatchObject(tooMany);
    });
  });

  describe('If-Match', () => {
    it('guards every write, naming the current revision and the keys changed since', async () => {
      const id = await newId();
      const path = `/trials/${id}/metadata`;
      await host.client.reportMetadata(id, { a: 1, b: 1 });
      await host.client.reportMetadata(id, { b: 2 });
      await host.client.patchMetadata(id, { c: 1 });
      const stale = { 'if-match': '"1"' };
      for (const [method, place, body] of [
        ['POST', path, { metadata: { a: 2 } }],
        ['POST', path, { metadata: { a: 1 } }],
        ['PUT', path, { metadata: {} }],
        ['PATCH', path, { metadata: { a: null } }],
        ['DELETE', path],
        ['POST', `${path}/revert`, { revision: 1 }],
      ] as const) {
        const answer = await host.send(method, place, body, stale);
        expect(answer.status).toBe(412);
        expect(answer.body).toMatchObject({
          title: 'Precondition Failed',
          code: 'revision_conflict',
          currentRevision: 3,
          changedKeys: ['b', 'c'],
        });
        expect(answer.headers.get('etag')).toBe('"3"');
      }
      expect((await host.client.readMetadata(id)).revision).toBe(3);
      const late = host.client.reportMetadata(id, { a: 2 }, { ifRevision: 2 });
      await expect(late).rejects.toMatchObject({ status: 412, problem: { changedKeys: ['c'] } });
      expect((await host.client.reportMetadata(id, { a: 2 }, { ifRevision: 3 })).revision).toBe(4);
    });

    it('takes *, lists and revision 0; weak and foreign tags never match; malformed ones are 400', async () => {
      const path = await newTrial();
      const report = (value: number, tag: string) =>
        host.post(path, { metadata: { value } }, { 'if-match': tag });
      expect((await report(1, '"0"')).body.revision).toBe(1);
      expect((await report(2, '*')).body.revision).toBe(2);
      expect((await report(3, '"7" , "2"')).body.revision).toBe(3);
      for (const tag of ['W/"3"', '"abc"', '"03"', '"2", W/"3"', '"99"']) {
        expect([tag, (await report(4, tag)).status]).toEqual([tag, 412]);
      }
      for (const tag of ['3', '"3', '"3" "2"', '*, "3"', ',', 'w/"3"']) {
        const answer = await report(4, tag);
        expect([tag, answer.status, answer.body.errors?.[0]?.path]).toEqual([tag, 400, 'If-Match']);
      }
      expect((await host.get(path)).body).toMatchObject({ metadata: { value: 3 }, revision: 3 });
    });
  });

  it('GET /metadata/limits shows the limits in force', async () => {
    expect(await host.client.limits()).toEqual({
      documentBytes: 262_144,
      depth: 10,
      leafValues: 1_000,
      keyBytes: 255,
      stringBytes: 16_384,
      arrayElements: 1_000,
      bodyBytes: 1_048_576,
      batchBytes: 33_554_432,
      batchReports: 1_000,
    });
  });
});
