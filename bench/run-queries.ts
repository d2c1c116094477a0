import type pg from 'pg';
import { time, type Timing } from './measure.js';
import type { RecordedMaster, Statement } from './product.js';
import type { Progress } from './progress.js';
import type { BenchQuery } from './queries.js';
import type { RestClient, RestRequest } from './rest-client.js';

/** What one query took, in milliseconds, on each side that can do it. */
export interface QueryFigures {
  readonly name: string;
  readonly goal: BenchQuery['goal'];
  readonly readsAll: boolean;
  readonly A?: Timing;
  readonly B: Timing;
  readonly Brest: Timing;
  readonly C?: Timing;
  readonly D?: Timing;
  /** MLflow's own server, where it was timed and can express the query. */
  readonly Drest?: Timing;
}

/** The page that the query of a cursor is about. */
const PAGE = 100;

/** Where the product is measured: its statements in one session, and its requests. */
export interface ProductSide {
  readonly client: pg.Client;
  readonly recorded: RecordedMaster;
  readonly rest: RestClient;
}

/** Measures the queries one after another, each on all sides in turn. */
export async function runQueries(
  queries: readonly BenchQuery[],
  sides: ProductSide,
  progress: Progress,
): Promise<readonly QueryFigures[]> {
  const figures: QueryFigures[] = [];
  for (const query of queries) {
    const sql = (side: string, text: string | undefined) =>
      text === undefined
        ? undefined
        : time(() => sides.client.query({ name: `${side} ${query.name}`.slice(0, 63), text }));
    const a = await sql('A', query.a);
    const c = await sql('C', query.c);
    const d = await sql('D', query.d);
    const figure: QueryFigures = {
      name: query.name,
      goal: query.goal,
      readsAll: query.readsAll === true,
      ...(a && { A: a }),
      ...(await timeProduct(query, sides)),
      ...(c && { C: c }),
      ...(d && { D: d }),
    };
    figures.push(figure);
    const { A, B, Brest, C, D } = figure;
    const shown = Object.entries({ A, B, Brest, C, D }).map(
      ([side, t]) => `${side} ${t ? t.p50.toFixed(1) : '–'}`,
    );
    progress.say(`${query.name}: ${shown.join('  ')}`);
  }
  return figures;
}

/** How often a request is made before its statements are recorded: the product prepares what is asked for often. */
const USES = 8;
/** Milliseconds beyond which preparing makes no difference. */
const LONG = 250;

/** Measures what the product sends for a query, and the query through REST. */
export async function timeProduct(
  query: BenchQuery,
  { client, recorded, rest }: ProductSide,
): Promise<{ readonly B: Timing; readonly Brest: Timing }> {
  const request = query.follow ? await followed(query.request, rest) : query.request;
  let statements = await recorded.statementsOf(request);
  for (let use = 1; use < USES; use += 1) {
    const start = performance.now();
    statements = await recorded.statementsOf(request);
    if (performance.now() - start > LONG) break;
  }
  return { B: await time(() => replay(client, statements)), Brest: await time(() => rest.send(request)) };
}

/** Sends what the product sent, in one session. */
async function replay(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  for (const { name, text, values } of statements) {
    await (values.length === 0 ? client.query(text) : client.query({ name, text, values: [...values] }));
  }
}

/** The request of the hundredth page. */
async function followed(request: RestRequest, rest: RestClient): Promise<RestRequest> {
  let body = request.body as Readonly<Record<string, unknown>>; // searches have an object
  for (let page = 1; page < PAGE; page += 1) {
    const { next } = JSON.parse(await rest.send({ ...request, body })) as { next: string | null };
    if (next === null) break;
    body = { ...body, after: next };
  }
  return { ...request, body };
}
