import { createConfig, lintFromString } from '@redocly/openapi-core';
import { determinedOpenApi } from '../src/determined/index.js';
import { experimentsOpenApi } from '../src/experiments/index.js';
import { metadataOpenApi } from '../src/metadata/index.js';
import { bootMaster, type TestMaster } from './support/index.js';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly example?: unknown;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>
    >;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

const PREFIX = '/api/v1';
const FRAGMENTS = [metadataOpenApi, experimentsOpenApi, determinedOpenApi];

describe('the OpenAPI document', () => {
  let master: TestMaster;
  let document: {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  };

  beforeAll(async () => {
    master = await bootMaster({ demo: true });
    document = (await master.get('//api/openapi.json')).body;
  }, 60_000);

  afterAll(() => master.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );

  it('is OpenAPI 3.1, with a summary and an own id for every operation', () => {
    expect(document.openapi).toBe('3.1.0');
    const all = operations();
    for (const { path, method, operation } of all) {
      expect({ path, method, summary: operation.summary }).toMatchObject({ summary: expect.any(String) });
    }
    const ids = all.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(all.length);
  });

  it('is accepted by a linter without complaint', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
    const complaints = problems.map(({ ruleId, location }) => `${ruleId} ${String(location[0]?.pointer)}`);
    // What takes nothing from a client has nothing to hold against it.
    const takesNothing = ['/api/v1/master', '/health/live', '/health/ready'].map(
      (path) => `operation-4xx-response #/paths/${path.replaceAll('/', '~1')}/get/responses`,
    );
    expect(complaints.filter((complaint) => !takesNothing.includes(complaint))).toEqual([]);
  });

  it('describes no route that there is not, and refers to no schema that there is not', () => {
    for (const fragment of FRAGMENTS) {
      for (const path of Object.keys(fragment.paths))
        expect(Object.keys(document.paths)).toContain(PREFIX + path);
    }
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([A-Za-z]+)/g)];
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('gives examples that run, on a master with its demo project', async () => {
    const described = new Set(
      FRAGMENTS.flatMap(({ paths }) => Object.keys(paths).map((path) => PREFIX + path)),
    );
    let run = 0;
    for (const { path, method, operation } of operations()) {
      if (method === 'delete' || !described.has(path)) continue;
      const parameters = operation.parameters ?? [];
      const url = parameters
        .filter((parameter) => parameter.in === 'path')
        .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path);
      const query = new URLSearchParams(
        parameters
          .filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
          .map(({ name, example }): [string, string] => [name, String(example)]),
      );
      const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
        Object.values(examples ?? {}).map(({ value }) => ({ type, value })),
      );
      for (const body of bodies.length === 0 ? [undefined] : bodies) {
        const sent = typeof body?.value === 'string' ? body.value : JSON.stringify(body?.value);
        const answer = await master.send(
          method.toUpperCase(),
          `${url.slice(PREFIX.length)}?${query}`,
          body === undefined ? undefined : sent,
          body === undefined ? {} : { 'content-type': body.type },
        );
        expect({
          method,
          path,
          status: answer.status,
          text: answer.status >= 400 ? answer.text : '',
        }).toEqual({
          method,
          path,
          status: expect.any(Number),
          text: '',
        });
        expect(Object.keys(operation.responses)).toContain(String(answer.status));
        run += 1;
      }
    }
    expect(run).toBeGreaterThan(30);
  });
});
