import type { QueryFigures } from '../run-queries.js';
import { timeMlflow, type LeftOut, type MlflowFigures } from './time-mlflow.js';

export { timeMlflow };

/** The figures with those of MLflow's server beside the queries that it can express. */
export function withMlflow(
  queries: readonly QueryFigures[],
  mlflow: MlflowFigures | LeftOut | undefined,
): readonly QueryFigures[] {
  if (mlflow === undefined || 'leftOut' in mlflow) return queries;
  return queries.map((query) => {
    const Drest = mlflow.timings.get(query.name);
    return { ...query, ...(Drest && { Drest }) };
  });
}

/** What the page says of it. */
export function noteOf(mlflow: MlflowFigures | LeftOut): string {
  if ('leftOut' in mlflow) return `MLflow's server was left out: ${mlflow.leftOut}`;
  return `**MLflow, REST** is the tracking server ${mlflow.release} with one worker on the same PostgreSQL; a search names all active experiments, as MLflow's own client does.`;
}
