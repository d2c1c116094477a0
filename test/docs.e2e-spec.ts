import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_LIMITS, DEFAULT_QUERY_LIMITS, type Operator } from '../src/metadata/index.js';
import { bootMaster, createTestDatabase, type TestDatabase } from './support/index.js';
import { checkSql } from './support/pages/check-sql.js';
import { checkTypes } from './support/pages/check-types.js';
import { checkWith, isThere } from './support/pages/check-with.js';
import { drawing, importGraph } from './support/pages/import-graph.js';
import { placeOf, readPage, ROOT, type Block } from './support/pages/read-page.js';
import { NO_KEY, truthTable } from './support/pages/truth-table.js';
import { table, withPart } from './support/pages/written-parts.js';
import { commandsOf, patternOf, runSession, squeeze } from './support/pages/run-session.js';

const PAGES = [
  'README.md',
  'examples/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
].map((path) => readPage(join(ROOT, path)));
const BLOCKS = PAGES.flatMap(({ blocks }) => blocks);

/** How the blocks of a language are held against the product; for the last ones, why they are not. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'compiled',
  console: 'run, and the output compared',
  json: 'parsed',
  sql: 'prepared or parsed by PostgreSQL',
  python: 'compiled, where there is a Python',
  sh: 'parsed by the shell; what it runs has tests of its own',
  js: 'parsed by Node.js',
  mermaid: 'drawn by the test itself',
  text: 'output that differs each time, and names without a grammar',
};

const inLanguage = (language: string): readonly Block[] =>
  BLOCKS.filter((block) => block.language === language);

it('every block of code names a language that this test knows', () => {
  const unknown = BLOCKS.filter(({ language }) => !Object.hasOwn(LANGUAGES, language));
  expect(unknown.map((block) => `${placeOf(block)} ${block.language}`)).toEqual([]);
  expect(PAGES.flatMap(({ path, indented }) => indented.map((line) => `${path}:${line}`))).toEqual([]);
});

it('every script that a page names is there', () => {
  const { scripts } = JSON.parse(pageText('package.json')) as { scripts: Readonly<Record<string, string>> }; // npm's form
  const named = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => ({ path, script })),
  );
  expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
});

it('every link to a file or a heading leads somewhere', () => {
  expect(PAGES.flatMap((page) => brokenLinks(page.path, page.text))).toEqual([]);
});

it('README lists every page of docs', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const missing = PAGES.filter(({ path }) => path !== 'README.md' && !readme.includes(`](${path}`));
  expect(missing.map(({ path }) => path)).toEqual([]);
});

/** Shows that the checks notice what is wrong. */
const wrong = (language: string, text: string): Block => ({
  page: 'docs/wrong.md',
  line: 1,
  language,
  text,
  given: '',
});

it('ts compiles', () => {
  const text = `import { MetadataService } from 'nestjs-trial-metadata';\nnew MetadataService();\n`;
  const faults = checkTypes([...inLanguage('ts'), wrong('ts', text)]);
  expect(faults).toEqual([expect.stringContaining('docs/wrong.md:1: Expected 3 arguments')]);
}, 120_000);

it('json is JSON', () => {
  for (const block of inLanguage('json')) {
    expect(() => JSON.parse(block.text) as unknown).not.toThrow();
  }
});

it('sh and js have no fault of syntax', async () => {
  const checks = [
    ...inLanguage('sh').map((block) => checkWith('bash', ['-n'], block)),
    ...inLanguage('js').map((block) =>
      checkWith(process.execPath, ['--check', '--input-type=module', '-'], block),
    ),
  ];
  expect((await Promise.all(checks)).filter((fault) => fault !== undefined)).toEqual([]);
});

it('python compiles', async () => {
  if (!(await isThere('python3'))) return;
  const compile = ['-c', 'import sys; compile(sys.stdin.read(), "block", "exec")'];
  const checks = inLanguage('python').map((block) => checkWith('python3', compile, block));
  expect((await Promise.all(checks)).filter((fault) => fault !== undefined)).toEqual([]);
});

describe('sql', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.dispose());

  it('means something to PostgreSQL', async () => {
    const mistaken =
      'SELECT nothing FROM trials;\nCREATE INDEX CONCURRENTLY ON trials (id);\nDROP TABL trials;';
    expect(await checkSql(database.url, mistaken)).toEqual([
      expect.stringContaining('column "nothing" does not exist'),
      expect.stringContaining('syntax error'),
    ]);
    for (const block of inLanguage('sql')) {
      expect({ place: placeOf(block), faults: await checkSql(database.url, block.text) }).toEqual({
        place: placeOf(block),
        faults: [],
      });
    }
  });
});

describe('sessions', () => {
  const sessions = PAGES.map((page) => [page.path, commandsOf(page)] as const).filter(
    ([, commands]) => commands.length > 0,
  );

  it.each(sessions)(
    '%s prints what it shows, on a fresh master with its demo',
    async (_path, commands) => {
      const master = await bootMaster({ demo: true });
      try {
        const environment = { URL: `${master.url}/api/v1`, MASTER: master.url, TOKEN: master.token };
        for (const { place, line, output, actual } of await runSession(commands, environment)) {
          expect({ place, line, output: squeeze(actual) }).toEqual({
            place,
            line,
            output: expect.stringMatching(patternOf(output)),
          });
        }
      } finally {
        await master.close();
      }
    },
    60_000,
  );

  it('are told from what they do not print', async () => {
    const page = { ...wrong('console', `$ A=7\n$ echo "{\\"a\\": $A}"\n{"a":7}\n$ echo 1\n2\n`) };
    const runs = await runSession(commandsOf({ path: '', text: '', blocks: [page], indented: [] }), {});
    const right = runs.map(({ output, actual }) => patternOf(output).test(squeeze(actual)));
    expect(right).toEqual([true, true, false]);
  });

  it('there are some', () => {
    expect(sessions.length).toBeGreaterThan(3);
  });
});

describe('what the pages say of the code (UPDATE_DOCS=1 writes it anew)', () => {
  it('the drawing of the architecture shows the imports that there are', async () => {
    await expectPage('docs/architecture.md', (page) =>
      Promise.resolve(
        page.replace(/```mermaid\n[^]*?```/, () => `\`\`\`mermaid\n${drawing(importGraph())}\`\`\``),
      ),
    );
  });

  it('docs/architecture.md says what each part is, and of no part that there is not', () => {
    const described = [...pageText('docs/architecture.md').matchAll(/^\| `(\S+\/\S+)`/gm)].map(
      ([, part]) => part,
    );
    expect(described.sort()).toEqual([...importGraph().keys()].sort());
  });

  it('the truth tables are true', async () => {
    await expectPage('README.md', (page) => withPart(page, 'truth', truthTable(TRUTHS, TRUTH_VALUES)));
    await expectPage('docs/filter-language.md', (page) =>
      withPart(page, 'missing', truthTable(MISSING_TRUTHS, [NO_KEY, 'null', '""'])),
    );
  });

  it('the list of routes is that of the OpenAPI document', async () => {
    const master = await bootMaster();
    try {
      const { paths } = (await master.get('//api/openapi.json')).body;
      await expectPage('docs/http-api.md', (page) => withPart(page, 'routes', routesTable(paths)));
    } finally {
      await master.close();
    }
  });

  it.each([
    ['docs/http-api.md', 'src/metadata/http/problem-details.ts'],
    ['docs/http-api.md', 'src/experiments/http/experiments-problem.ts'],
  ])('%s names every error of %s with its status', (path, source) => {
    const rows = pageText(path).split('\n');
    const codes = [...pageText(source).matchAll(/^ {2}([a-z_]+): (\d{3}),$/gm)];
    expect(codes.length).toBeGreaterThan(5);
    const missing = codes.filter(
      ([, code, status]) =>
        !rows.some((row) => row.startsWith(`| ${status} `) && row.includes(`\`${code}\``)),
    );
    expect(missing.map(([line]) => line)).toEqual([]);
  });

  it('docs/mounting.md names every option, and docs/limits.md every limit', () => {
    const interfaces = pageText('src/metadata/metadata.options.ts').matchAll(
      /^export interface Metadata(?:Options|Extras) \{$([^]*?)^\}$/gm,
    );
    const names = [...interfaces].flatMap(([, body = '']) =>
      [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !pageText('docs/mounting.md').includes(`| \`${name}\``))).toEqual([]);
    const limits = Object.entries({ ...DEFAULT_LIMITS, ...DEFAULT_QUERY_LIMITS });
    const rows = pageText('docs/limits.md').replaceAll(/ +/g, ' ').split('\n');
    const wrong = limits.filter(
      ([name, value]) =>
        !rows.some((row) => row.startsWith(`| \`${name}\` | ${value.toLocaleString('en')} |`)),
    );
    expect(wrong).toEqual([]);
  });
});

/** The condition and the value of the README's table. */
const TRUTHS: readonly (readonly [Operator, string])[] = [
  ['is', '8'],
  ['isNot', '8'],
  ['contains', '"a100"'],
  ['doesNotContain', '"a100"'],
  ['exists', ''],
  ['isMissing', ''],
  ['isEmpty', ''],
  ['isNotEmpty', ''],
  ['in', '[8, null]'],
  ['notIn', '[8, null]'],
  ['gt', '7'],
  ['gte', '8'],
  ['lt', '9'],
  ['lte', '"NVIDIA"'],
  ['between', '[1, 8]'],
  ['startsWith', '"nvidia"'],
];
const TRUTH_VALUES = [NO_KEY, 'null', '8', '"8"', '"NVIDIA A100"', '""', '["A100", 16]', '{"gpu": "A100"}'];

const MISSING_TRUTHS: readonly (readonly [Operator, string])[] = [
  ['exists', ''],
  ['isMissing', ''],
  ['isEmpty', ''],
  ['isNotEmpty', ''],
  ['is', 'null'],
  ['isNot', 'null'],
  ['is', '""'],
  ['isNot', '""'],
  ['is', '8'],
  ['isNot', '8'],
  ['contains', '""'],
  ['doesNotContain', '""'],
  ['in', '[null, ""]'],
  ['notIn', '[null, ""]'],
  ['gte', '""'],
  ['startsWith', '""'],
];

function pageText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

async function expectPage(path: string, write: (page: string) => Promise<string>): Promise<void> {
  const written = await write(pageText(path));
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(ROOT, path), written);
  expect(pageText(path)).toBe(written);
}

type Paths = Readonly<
  Record<string, Readonly<Record<string, { readonly summary: string; readonly responses: object }>>>
>;

/** Every route with its summary and the statuses that it answers. */
function routesTable(paths: Paths): string {
  const rows = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary, responses }]) => [
      `\`${method.toUpperCase()} ${path.replace('/api/v1', '')}\``,
      summary,
      Object.keys(responses).join(', '),
    ]),
  );
  return table(['request', 'does', 'statuses'], rows);
}

function brokenLinks(page: string, text: string): readonly string[] {
  const outside = text.replace(/```[^]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...outside.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
      if (!existsSync(file)) return true;
      return heading !== undefined && !headingsOf(readFileSync(file, 'utf8')).includes(heading);
    })
    .map((target) => `${page}: ${target}`);
}

/** The names by which headings are linked to. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}
