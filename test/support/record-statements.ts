import type { DataSource, QueryRunner } from 'typeorm';

/** Everything that a data source sends from now on, in its order; a prepared statement gives its text. */
export function recordStatements(dataSource: DataSource): string[] {
  const sent: string[] = [];
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const query = runner.query.bind(runner);
    runner.query = async (text: string, ...others: unknown[]): Promise<never> => {
      const statement: unknown = text; // a prepared one is an object in truth
      sent.push(String(statement));
      return (await query(text, ...(others as [unknown[]]))) as never; // whatever the statement gives
    };
    return runner;
  };
  return sent;
}
