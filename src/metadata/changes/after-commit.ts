import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** What waits for the end of a transaction. */
interface Waiting {
  /** How many works there were when each of the nested transactions began, the outermost first. */
  readonly starts: number[];
  readonly works: (() => void)[];
}

interface TransactionEvent {
  readonly queryRunner: QueryRunner;
}

/**
 * Does work after the transaction that it belongs to has committed, whoever began it, and drops the work when that is
 * rolled back, a savepoint included. Transactions count that TypeORM knows of: not `COMMIT` sent as text.
 */
export class AfterCommit implements EntitySubscriberInterface {
  private readonly waiting = new WeakMap<QueryRunner, Waiting>();

  /** @param manager the transaction; undefined: there is none, what was written stands */
  do(manager: EntityManager | undefined, work: () => void): void {
    const runner = manager?.queryRunner;
    if (runner?.isTransactionActive) this.of(runner).works.push(work);
    else work();
  }

  afterTransactionStart({ queryRunner }: TransactionEvent): void {
    const { starts, works } = this.of(queryRunner);
    starts.push(works.length);
  }

  afterTransactionCommit({ queryRunner }: TransactionEvent): void {
    const { starts, works } = this.of(queryRunner);
    starts.pop();
    if (queryRunner.isTransactionActive) return; // a savepoint was released
    this.waiting.delete(queryRunner);
    for (const work of works) work();
  }

  afterTransactionRollback({ queryRunner }: TransactionEvent): void {
    const { starts, works } = this.of(queryRunner);
    works.length = Math.min(works.length, starts.pop() ?? 0);
    if (!queryRunner.isTransactionActive) this.waiting.delete(queryRunner);
  }

  private of(runner: QueryRunner): Waiting {
    const found = this.waiting.get(runner) ?? { starts: [], works: [] };
    this.waiting.set(runner, found);
    return found;
  }
}
