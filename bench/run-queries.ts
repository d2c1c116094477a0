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
  readonly A?: Timing;
  readonly B: Timing;
  readonly Brest: Timing;
  readonly C?: Timing;
  readonly D?: Timing;
}

/** The page that the query of a cursor is about. */
const PAGE = 100;

/** Measures the queries one after another, each on all sides in turn. */
export async function runQueries(
  queries: readonly BenchQuery[],
  sides: { readonly client: pg.Client; readonly recorded: RecordedMaster; readonly rest: RestClient },
  progress: Progress,
): Promise<readonly QueryFigures[]> {
  const figures: QueryFigures[] = [];
  for (const query of queries) {
    const request = query.follow ? await followed(query.request, sides.rest) : query.request;
    const statements = await sides.recorded.statementsOf(request);
    const sql = (text: string | undefined) =>
      text === undefined ? undefined : time(() => sides.client.query(text));
    const a = await sql(query.a);
    const c = await sql(query.c);
    const d = await sql(query.d);
    const figure: QueryFigures = {
      name: query.name,
      goal: query.goal,
      ...(a && { A: a }),
      B: await time(() => replay(sides.client, statements)),
      Brest: await time(() => sides.rest.send(request)),
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

/** Sends what the product sent, in one session. */
async function replay(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  for (const { text, values } of statements) {
    await (values.length === 0 ? client.query(text) : client.query(text, [...values]));
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
