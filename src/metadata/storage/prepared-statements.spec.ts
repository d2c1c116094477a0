import type { DataSource } from 'typeorm';
import { PreparedStatements } from './prepared-statements.js';

/** A data source that answers as it is told, and what was sent to it: prepared or plainly. */
function source(answer: (kind: 'prepared' | 'plain', text: string) => string | undefined) {
  const sent: string[] = [];
  const query = (statement: unknown) => {
    const kind = typeof statement === 'string' ? 'plain' : 'prepared';
    const text = String(statement);
    sent.push(`${kind} ${text}`);
    const code = answer(kind, text);
    return code === undefined
      ? Promise.resolve([{ text }])
      : Promise.reject(Object.assign(new Error('refused'), { code }));
  };
  return { dataSource: { query } as unknown as DataSource, sent };
}

describe('statements that are prepared', () => {
  it('are sent plainly from the first refusal on that a plain one does not meet', async () => {
    const { dataSource, sent } = source((kind) => (kind === 'prepared' ? '26000' : undefined));
    const statements = new PreparedStatements(dataSource);
    expect(await statements.run('SELECT 1', [])).toEqual([{ text: 'SELECT 1' }]);
    await statements.run('SELECT 2', []);
    expect(sent).toEqual(['prepared SELECT 1', 'plain SELECT 1', 'plain SELECT 2']);
  });

  it('go on being prepared when one of them is refused for what it says', async () => {
    const { dataSource, sent } = source((_, text) => (text === 'FOR UPDATE' ? '0A000' : undefined));
    const statements = new PreparedStatements(dataSource);
    await expect(statements.run('FOR UPDATE', [])).rejects.toMatchObject({ code: '0A000' });
    await statements.run('SELECT 1', []);
    expect(sent).toEqual(['prepared FOR UPDATE', 'plain FOR UPDATE', 'prepared SELECT 1']);
  });

  it('fail at once for any other reason', async () => {
    const { dataSource, sent } = source(() => '23503');
    await expect(new PreparedStatements(dataSource).run('INSERT', [])).rejects.toMatchObject({
      code: '23503',
    });
    expect(sent).toEqual(['prepared INSERT']);
  });

  it('are as many as the limits say, each after so many plain uses', async () => {
    const { dataSource, sent } = source(() => undefined);
    const statements = new PreparedStatements(dataSource, { after: 1, most: 1 });
    for (const text of ['A', 'A', 'B', 'B', 'A']) await statements.run(text, []);
    expect(sent).toEqual(['plain A', 'prepared A', 'plain B', 'plain B', 'prepared A']);
  });
});
