import {
  Catch,
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  Req,
  UnauthorizedException,
  ValidationPipe,
  type ArgumentsHost,
  type CanActivate,
  type CallHandler,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { map, tap, type Observable } from 'rxjs';
import { DeterminedModule } from '../src/determined/index.js';
import { allowAllProjects, ExperimentsModule } from '../src/experiments/index.js';
import {
  allowAll,
  FieldCounter,
  METADATA_CONTROLLERS,
  MetadataAccessPolicy,
  MetadataModule,
  trustedSql,
  sql,
  type Sql,
  type TrialId,
  type TrialRestriction,
} from '../src/metadata/index.js';
import { bootTinyHost, HostTrial, type TinyHost, type TinyHostOptions } from './support/tiny-host.js';

/** Trims strings and copies objects, as many a host's global pipe does. */
@Injectable()
class TrimmingPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown): unknown {
    if (typeof value === 'string') return value.trim().toLowerCase();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.transform(member)]));
  }
}

/** Answers every error in the host's own words. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const response = host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: object): void } }>();
    response.status(418).send({ teapot: true });
  }
}

describe.each(['express', 'fastify'] as const)(
  'in a host with pipes, filters and interceptors of its own, on %s',
  (adapter) => {
    let host: TinyHost;
    const bodiesSeen: unknown[] = [];

    @Injectable()
    class BodyLogger implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
        bodiesSeen.push(context.switchToHttp().getRequest<{ body: unknown }>().body);
        return next.handle().pipe(tap(() => undefined));
      }
    }

    const prepare = (app: INestApplication) => {
      app.useGlobalPipes(
        new TrimmingPipe(),
        new ValidationPipe({
          whitelist: true,
          forbidNonWhitelisted: true,
          transform: true,
          validateCustomDecorators: true,
          transformOptions: { enableImplicitConversion: true },
        }),
      );
      app.useGlobalFilters(new CatchAllFilter());
      app.useGlobalInterceptors(new BodyLogger());
    };

    beforeAll(async () => {
      host = await bootTinyHost({ adapter, prepare });
      await host.addTrials(1, 2);
    });

    afterAll(() => host.close());

    it('documents go in and come out exact', async () => {
      const document = '{"  Key ":" Value ","__proto__":{"constructor":9007199254740993},"n":1.50}';
      const answer = await host.post('/trials/1/metadata', `{"metadata":${document}}`);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('"  Key ": " Value "');
      expect(answer.text).toContain('"__proto__": {"constructor": 9007199254740993}');
      expect(answer.text).toContain('"n": 1.50');
      expect((await host.get('/trials/1/metadata?revision=1')).text).toBe(answer.text);
      const batch = await host.post('/metadata/batch', `{"reports":[{"trialId":2,"metadata":${document}}]}`);
      expect(batch.text).toContain('"__proto__": {"constructor": 9007199254740993}');
    });

    it('a merge patch is told from an envelope by the content type that the client sent', async () => {
      const type = { 'content-type': 'application/merge-patch+json' };
      const bare = await host.patch('/trials/2/metadata', { metadata: { Key: ' Value ' } }, type);
      expect(bare.body.metadata).toMatchObject({ metadata: { Key: ' Value ' } });
      const enveloped = await host.patch('/trials/2/metadata', { metadata: { metadata: null } });
      expect([enveloped.status, enveloped.body.metadata.metadata]).toEqual([200, undefined]);
      expect((await host.patch('/trials/2/metadata', { Key: 1 })).status).toBe(400);
    });

    it('the host still sees the body, in its own way', async () => {
      bodiesSeen.length = 0;
      await host.post('/trials/1/metadata', { metadata: { seen: true } });
      expect(bodiesSeen).toEqual([{ metadata: { seen: true } }]);
    });

    it('errors of the plugin are problem details all the same', async () => {
      const answer = await host.post('/trials/1/metadata', { metadata: null });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      expect((await host.get('/trials/1/metadata', { 'if-none-match': '*' })).status).toBe(304);
    });

    it('other routes keep the parser of the host, its limit included', async () => {
      const answer = await host.post('/anything', `{"a":"${'x'.repeat(2_000_000)}"}`);
      expect(answer.status).toBe(418);
    });
  },
);

describe('access', () => {
  let host: TinyHost;

  /** Users see the trials whose number is at least that of letters in their name, and edit the even ones of them. */
  @Injectable()
  class LetterPolicy extends MetadataAccessPolicy<{ readonly name: string } | undefined> {
    canView(user: { readonly name: string } | undefined, trialId: TrialId): boolean {
      return user !== undefined && Number(trialId) >= user.name.length;
    }

    /** A property, as hosts write what shall keep its `this`: it is not on the prototype. */
    canEdit = (user: { readonly name: string } | undefined, trialId: TrialId): boolean =>
      this.canView(user, trialId) && Number(trialId) % 2 === 0;

    visibleTrials(user: { readonly name: string } | undefined): TrialRestriction {
      const least = trustedSql(String(user?.name.length ?? 1_000_000));
      return (trialId: Sql) => sql`${trialId} >= ${least}`;
    }
  }

  beforeAll(async () => {
    host = await bootTinyHost({ module: { access: LetterPolicy } });
    await host.addTrials(1, 2, 3, 4, 5, 6);
  });

  afterAll(() => host.close());

  const ada = { 'x-user': 'ada' };

  it('a hidden trial answers like one that does not exist, byte by byte', async () => {
    for (const [method, rest, body] of [
      ['GET', ''],
      ['GET', '?revision=0'],
      ['GET', '/history'],
      ['POST', '', { metadata: { a: 1 } }],
      ['PUT', '', { metadata: { a: 1 } }],
      ['PATCH', '', { metadata: { a: 1 } }],
      ['DELETE', ''],
      ['POST', '/revert', { revision: 0 }],
    ] as const) {
      const hidden = await host.send(method, `/trials/2/metadata${rest}`, body, ada);
      // Editable as far as the policy goes, but not there.
      const missing = await host.send(method, `/trials/8/metadata${rest}`, body, ada);
      expect([method, hidden.status]).toEqual([method, 404]);
      expect(hidden.text).toBe(missing.text.replace('trial 8', 'trial 2'));
    }
    const batch = await host.post('/metadata/batch', { reports: [{ trialId: 2, metadata: {} }] }, ada);
    expect([batch.status, batch.body.errors[0].path]).toEqual([404, 'reports[0].trialId']);
  });

  it('the refusals speak of no projects and roles, which a host may not have', async () => {
    const hidden = await host.get('/trials/2/metadata', ada);
    expect(hidden.body.detail).toBe(
      'There is no trial 2 that you may see. Check the id, or ask whoever may grant access to it.',
    );
    const forbidden = await host.send('DELETE', '/trials/3/metadata', undefined, ada);
    expect(forbidden.body.detail).toBe('You may view trial 3 but not change it. Ask whoever may grant that.');
  });

  it('a trial that may be seen but not changed is 403 for every write', async () => {
    for (const [method, rest, body] of [
      ['POST', '', { metadata: { a: 1 } }],
      ['POST', '', { metadata: {} }],
      ['PUT', '', { metadata: { a: 1 } }],
      ['PATCH', '', { metadata: { a: 1 } }],
      ['DELETE', ''],
      ['POST', '/revert', { revision: 0 }],
    ] as const) {
      const answer = await host.send(method, `/trials/3/metadata${rest}`, body, ada);
      expect([method, answer.status, answer.body.code]).toEqual([method, 403, 'edit_forbidden']);
    }
    const reports = [
      { trialId: 4, metadata: { a: 1 } },
      { trialId: 3, metadata: { a: 1 } },
    ];
    const batch = await host.post('/metadata/batch', { reports }, ada);
    expect([batch.status, batch.body.errors[0].path]).toEqual([403, 'reports[1].trialId']);
    const client = host.clientWith({ headers: ada });
    expect((await client.readMetadata(4)).revision).toBe(0);
    expect((await client.readMetadata(3)).revision).toBe(0);
  });

  it('nobody is asked for by name: the user comes from the request', async () => {
    await expect(host.client.readMetadata(6)).rejects.toMatchObject({ status: 404 });
    const record = await host.clientWith({ headers: ada }).reportMetadata(6, { a: 1 });
    expect(record.updatedBy).toBe('ada');
  });
});

describe.each([
  ['integer', [7, 8], [9, 99_999_999_999]],
  ['bigint', [7, 9_007_199_254_740_991], [9, 99_999_999_999]],
  [
    'uuid',
    ['0b5c1c2e-1111-4222-8333-444455556666', 'ffffffff-1111-4222-8333-444455556666'],
    ['0b5c1c2e-1111-4222-8333-444455556667', 'FFFFFFFF-1111-4222-8333-444455556667'],
  ],
] as const)(
  'a host whose trial ids are %s, in a table and column of other names',
  (idType, [one, two], unknown) => {
    let host: TinyHost;

    beforeAll(async () => {
      host = await bootTinyHost({ idType });
      await host.addTrials(one, two);
    });

    afterAll(() => host.close());

    it('writes, reads, batches and forgets', async () => {
      const { client } = host;
      const record = await client.reportMetadata(one, { a: 1 });
      expect(record).toMatchObject({ trialId: one, metadata: { a: 1 }, revision: 1 });
      const reports = [
        { trialId: two, metadata: { b: 1 } },
        { trialId: one, metadata: { b: 2 } },
      ];
      expect(await client.reportBatch(reports)).toMatchObject([
        { trialId: two, revision: 1 },
        { trialId: one, revision: 2 },
      ]);
      expect(await client.patchMetadata(two, { b: null })).toMatchObject({ metadata: {}, revision: 2 });
      expect((await client.readMetadata(one, { revision: 1 })).metadata).toEqual({ a: 1 });
      expect((await client.history(one)).items).toHaveLength(2);
      expect((await client.revertMetadata(one, 1)).revision).toBe(3);
      expect((await client.clearMetadata(one)).revision).toBe(4);
      await host.app.get(FieldCounter).count();
    });

    it('answers 404 for unknown trials and 400 for what is no id', async () => {
      const { client } = host;
      for (const id of unknown) {
        await expect(client.readMetadata(id)).rejects.toMatchObject({ status: 404 });
        await expect(client.reportMetadata(id, { a: 1 })).rejects.toMatchObject({ status: 404 });
        await expect(client.reportBatch([{ trialId: id, metadata: { a: 1 } }])).rejects.toMatchObject({
          status: 404,
          errors: [{ path: 'reports[0].trialId' }],
        });
      }
      for (const id of ['abc', '0', '7x', "';--"]) {
        const answer = await host.get(`/trials/${encodeURIComponent(id)}/metadata`);
        expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'trialId']);
      }
    });
  },
);

@Controller('own')
class OwnController {
  @Get()
  answer(@Req() { user }: { readonly user?: unknown }): object {
    return { own: true, user: user ?? null };
  }
}

@Module({ controllers: [OwnController] })
class OwnModule {}

describe.each(['express', 'fastify'] as const)(
  'in a host that knows the plugin’s controllers, on %s',
  (adapter) => {
    let host: TinyHost;
    const typesSeen = new Map<string, unknown>();
    const ada = { 'x-user': 'ada' };

    /** As one for the plugin's routes alone, where the host's controllers have guards of their own. */
    class MetadataRoutesGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        if (!METADATA_CONTROLLERS.includes(context.getClass())) return true;
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        if (headers['x-user'] === undefined) throw new UnauthorizedException();
        return true;
      }
    }

    class EnvelopeInterceptor implements NestInterceptor<unknown, unknown> {
      intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
        const isText = METADATA_CONTROLLERS.includes(context.getClass());
        const response = context.switchToHttp().getResponse<{ getHeader(name: string): unknown }>();
        return next.handle().pipe(
          map((data) => {
            typesSeen.set(context.getClass().name, response.getHeader('Content-Type'));
            return isText && typeof data === 'string' ? `{"data":${data}}` : { data };
          }),
        );
      }
    }

    beforeAll(async () => {
      host = await bootTinyHost({
        adapter,
        module: { imports: [OwnModule] },
        prepare: (app) => {
          app.useGlobalGuards(new MetadataRoutesGuard());
          app.useGlobalInterceptors(new EnvelopeInterceptor());
        },
      });
      await host.addTrials(1);
    });

    afterAll(() => host.close());

    it('a guard is for the plugin’s routes alone', async () => {
      expect((await host.get('/own')).status).toBe(200);
      for (const path of [
        '/trials/1/metadata',
        '/trials/1/metadata/history',
        '/metadata/limits',
        '/metadata/changes',
        '/metadata/fields',
        '/metadata/indexes',
      ]) {
        // prettier-ignore
        expect([path, (await host.get(path)).status]).toEqual([path, 401]);
        expect([path, (await host.get(path, ada)).status]).toEqual([path, 200]);
      }
    });

    it('an envelope takes the text in, with every digit, and is recognised by the content type as well', async () => {
      const answer = await host.post('/trials/1/metadata', '{"metadata": {"n": 9007199254740993}}', ada);
      expect(answer.text).toContain('{"data":{"trialId":1,"metadata":{"n": 9007199254740993}');
      expect((await host.get('/own', ada)).body).toEqual({ data: { own: true, user: { name: 'ada' } } });
      expect(typesSeen.get('MetadataController')).toBe('application/json; charset=utf-8');
      expect(typesSeen.get('OwnController')).toBeUndefined();
    });
  },
);

/** Stands for the host's data source, where none is reached. */
@Global()
@Module({
  providers: [{ provide: getDataSourceToken(), useValue: {} }],
  exports: [getDataSourceToken()],
})
class DataSourceModule {}

describe('what a host configures wrongly', () => {
  const trial = { entity: HostTrial };
  it.each([
    ['no access', { trial }, 'access must name a MetadataAccessPolicy'],
    ['no trial', { access: { useExisting: 'policy' } }, "trial must name the host's trials"],
    ['a policy by its name', { trial, access: 'nobody' }, 'or allowAll for everybody.'],
    ['a class that is no policy', { trial, access: HostTrial }, 'access must name a MetadataAccessPolicy'],
    [
      'an object that is none',
      { trial, access: { canView: () => true } },
      'access must name a MetadataAccessPolicy',
    ],
    [
      'a token of undefined',
      { trial, access: { useExisting: undefined } },
      'access must name a MetadataAccessPolicy',
    ],
    [
      'an extra that is none',
      { trial, access: allowAll, shcema: 'x' },
      'MetadataModule: shcema is not known. Did you mean schema?',
    ],
    [
      'a value that is none',
      { trial, access: allowAll, statementTimout: 1 },
      'MetadataModule: statementTimout is not known. Did you mean statementTimeout?',
    ],
  ])('%s is refused in one line', (_name, options, message) => {
    expect(() => MetadataModule.forRoot(options as never)).toThrow(message);
  });

  it('is refused by the modules on top of the plugin as well', () => {
    const access = allowAllProjects;
    const wrong = (options: object) => () => ExperimentsModule.forRoot({ access, ...options });
    expect(wrong({ historyRetension: {} })).toThrow(
      'ExperimentsModule: historyRetension is not known. Did you mean historyRetention?',
    );
    expect(wrong({ trial })).toThrow('ExperimentsModule: trial is not known.');
    expect(wrong({ access: 'nobody' })).toThrow('ExperimentsModule: access must name');
    expect(wrong({ access: allowAll })).toThrow('ExperimentsModule: access must name');
    expect(wrong({ access: { useExisting: 'policy' } })).not.toThrow();
    const describeErrors = () => undefined;
    expect(() => DeterminedModule.forRoot({ describeErrors } as never)).toThrow(
      'DeterminedModule: describeErrors is not known. Did you mean describeError?',
    );
  });

  const async = { trial, access: allowAll };
  it.each([
    [{ ...async, schma: 'x', useFactory: () => ({}) }, 'schma is not known. Did you mean schema?'],
    [{ ...async, changes: false, useFactory: () => ({}) }, 'changes is a value: return it from the factory'],
  ])('%j beside a factory is refused in one line', (options, message) => {
    expect(() => MetadataModule.forRootAsync(options)).toThrow(message);
  });

  it.each([
    [
      undefined,
      'the options are undefined. What useFactory or createMetadataOptions returns must be an object',
    ],
    [null, 'the options are null.'],
    [[], 'the options are a list.'],
    [{ access: 'nobody' }, 'access decides the shape of the module: give it to forRootAsync'],
    [{ historyRetension: { days: 1 } }, 'historyRetension is not known. Did you mean historyRetention?'],
  ])('%j from a factory is refused in one line', async (given, message) => {
    const useFactory = () => given as never; // as in JavaScript
    const module = MetadataModule.forRootAsync({ ...async, useFactory });
    await expect(Test.createTestingModule({ imports: [DataSourceModule, module] }).compile()).rejects.toThrow(
      `MetadataModule: ${message}`,
    );
  });

  it.each([
    [{ limits: { depth: 0 } }, 'limits.depth must be a whole number from 1'],
    [{ limits: { dept: 1 } }, 'limits.dept is not known. Did you mean limits.depth?'],
    [{ limits: { colour: 1 } }, 'limits.colour is not known. Accepted: documentBytes, depth'],
    [
      { historyRetention: { day: 1 } },
      'historyRetention.day is not known. Did you mean historyRetention.days?',
    ],
    [{ historyRetention: 30 }, 'historyRetention must be an object of revisions, days.'],
    [
      { changeRetention: { dayz: 1 } },
      'changeRetention.dayz is not known. Did you mean changeRetention.days?',
    ],
    [
      { valueSummaries: { value: 1 } },
      'valueSummaries.value is not known. Did you mean valueSummaries.values?',
    ],
    [{ indexBudget: { field: 1 } }, 'indexBudget.field is not known. Did you mean indexBudget.fields?'],
    [{ indexAdvisor: 'biuld' }, 'indexAdvisor must be off, propose, build, not biuld'],
    [{ cursorSecret: '' }, 'cursorSecret must have 16 or more characters'],
    [{ cursorSecret: 'fifteen letters' }, 'cursorSecret must have 16 or more characters'],
    [{ bodyBytes: 1.5 }, 'bodyBytes must be'],
    [{ historyRetention: { days: -1 } }, 'historyRetention.days must be'],
    [{ trial: { entity: HostTrial, id: 'key' } }, 'the entity HostTrial has no column for "key"'],
    [{ trial: { entity: HostTrial, id: 'name' } }, 'HostTrial.name is a text'],
    [{ trial: { entity: Date } }, 'the entity Date is not among the entities'],
  ])('%j at start-up', async (module, message) => {
    await expect(bootTinyHost({ module: module as never })).rejects.toThrow(message);
  });

  it('indexes of fields with a pool of one connection are told in the log, and keep nobody waiting', async () => {
    const { told, prepare } = listening('warn');
    const host = await bootTinyHost({ connections: 1, module: { indexedFields: ['a'] }, prepare });
    expect((await host.get('/metadata/fields')).status).toBe(200);
    await host.close();
    expect(told).toContainEqual(expect.stringContaining('it takes two connections'));
  });

  const table = 'TrainingRuns';
  const idType = 'uuid';
  it.each<[name: string, options: TinyHostOptions, message: string]>([
    [
      'a schema without the tables',
      { module: { schema: 'elsewhere' } },
      'There is no table "elsewhere"."trial_metadata", ',
    ],
    [
      'a table that is not there',
      { module: { trial: { table: 'runs' } } },
      'There is no table "runs". The option trial names it',
    ],
    [
      'an id of another type',
      { idType, module: { trial: { table, column: 'Run "key"' } } },
      `"TrainingRuns"."Run ""key""" is of type uuid, not bigint. Say so in the option trial, here and in metadataMigrations: type: 'uuid'.`,
    ],
    [
      'a column that is not there',
      { idType, module: { trial: { table, type: idType } } },
      '"TrainingRuns" has no column "id"',
    ],
  ])('%s is told in the log', async (_, options, message) => {
    const { told, prepare } = listening('error');
    const host = await bootTinyHost({ ...options, prepare });
    await host.close();
    expect(told).toContainEqual(expect.stringContaining(message));
  });
});

/** What a host logs at one level, and how it is made to tell it. */
function listening(level: 'warn' | 'error') {
  const told: string[] = [];
  const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };
  const tell = (text: unknown) => void told.push(String(text));
  const prepare = (app: INestApplication) => app.useLogger({ ...logger, [level]: tell });
  return { told, prepare };
}
