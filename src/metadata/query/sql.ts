/** A value on its way to a parameter. Used in several places of a statement, it is one parameter there. */
interface Binding {
  readonly value: unknown;
}

/**
 * A piece of SQL with its values. Made only by the {@link sql} tag and the functions of this file, so that text from
 * outside can never become SQL: inside a template stands another piece, or a value under {@link bind}; a bare string
 * does not compile, and throws where types are not checked.
 *
 * A piece that stands in a statement twice keeps its parameters: PostgreSQL then sees one expression, as GROUP BY
 * needs it, and a long path that a condition looks at ten times does not count ten times against the protocol's limit
 * of 65,535 parameters.
 */
export class Sql {
  /** @internal Text chunks; between chunk i and i + 1 stands binding i. */
  constructor(
    readonly chunks: readonly string[],
    readonly bindings: readonly Binding[],
  ) {}

  /** The text with `$1`, `$2` … as `pg` takes it; numbering starts after `offset` values that the caller has bound. */
  toPositional(offset = 0): { readonly text: string; readonly values: readonly unknown[] } {
    const { text, values } = this.number((index) => `$${index + offset + 1}`);
    return { text, values };
  }

  /** The text with `:prefix_0`, `:prefix_1` … as TypeORM's builders take it; `prefix` must be unique in the query. */
  toNamed(prefix: string): { readonly text: string; readonly parameters: Readonly<Record<string, unknown>> } {
    const { text, values } = this.number((index) => `:${prefix}_${index}`);
    const parameters = Object.fromEntries(values.map((value, index) => [`${prefix}_${index}`, value]));
    return { text, parameters };
  }

  private number(placeholder: (index: number) => string): { text: string; values: readonly unknown[] } {
    const indexes = new Map<Binding, number>();
    let text = this.chunks[0] ?? '';
    this.bindings.forEach((binding, position) => {
      const index = indexes.get(binding) ?? indexes.size;
      indexes.set(binding, index);
      text += placeholder(index) + (this.chunks[position + 1] ?? '');
    });
    return { text, values: [...indexes.keys()].map(({ value }) => value) };
  }
}

/** Joins pieces of SQL and bound values: ``sql`${column} = ${bind(5, 'bigint')}` ``. */
export function sql(strings: TemplateStringsArray, ...pieces: readonly Sql[]): Sql {
  const chunks = [strings[0] ?? ''];
  const bindings: Binding[] = [];
  pieces.forEach((piece, index) => {
    if (!(piece instanceof Sql)) {
      throw new TypeError(
        `Piece ${index + 1} of an SQL template is not SQL: bind the value with bind(value, type).`,
      );
    }
    appendPiece(chunks, bindings, piece);
    extendLast(chunks, strings[index + 1]);
  });
  return new Sql(chunks, bindings);
}

/** PostgreSQL types that a value is bound as. */
export type BindType =
  | 'text'
  | 'text[]'
  | 'jsonb'
  | 'jsonb[]'
  | 'jsonpath'
  | 'numeric'
  | 'bigint'
  | 'bigint[]'
  | 'integer'
  | 'boolean'
  | 'timestamptz'
  | 'uuid';

/** A value from outside: a parameter cast to `type`, so that PostgreSQL never has to guess. */
export function bind(value: unknown, type: BindType): Sql {
  return new Sql(['', `::${type}`], [{ value }]);
}

/**
 * The same piece with its values behind sub-selects, where the planner does not see them: a plan that is made for these
 * values then promises no more than one for all, and a prepared statement is not planned again each time.
 */
export function hideValues({ chunks, bindings }: Sql): Sql {
  const hidden = chunks.map((chunk, index) => {
    // A list is cast once more: behind ANY, a bare sub-select would stand for its rows.
    const close = (cast: string): string => (cast.endsWith('[]') ? `${cast})${cast}` : `${cast})`);
    const typed = index === 0 ? chunk : chunk.replace(CAST, close);
    return index === bindings.length ? typed : `${typed}(SELECT `;
  });
  return new Sql(hidden, bindings);
}

/** The cast that follows every value; see {@link bind}. */
const CAST = /^::[a-z]+(?:\[\])?/;

/** A table, column or alias name that the host's code gives, quoted: `trial.experiment_id` as two names. */
export function identifier(...names: readonly string[]): Sql {
  return new Sql([names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')], []);
}

/**
 * A text as a constant of SQL, for statements that take no parameters, such as CREATE INDEX, and for expressions that
 * must read as an index has them. Values of requests are bound.
 */
export function stringLiteral(text: string): Sql {
  const quoted = `'${text.replaceAll("'", "''")}'::text`;
  return new Sql([text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted], []);
}

/** A table as a constant of SQL that stands for its place in the catalog. */
export function tableConstant(table: Sql): Sql {
  return sql`${stringLiteral(table.toPositional().text)}::regclass`;
}

/** SQL text written by a programmer. Never pass anything that came in with a request. */
export function trustedSql(text: string): Sql {
  return new Sql([text], []);
}

/** The pieces one after another with `separator` between them; `empty` when there are none. */
export function joinSql(pieces: readonly Sql[], separator: string, empty: Sql = trustedSql('')): Sql {
  const [first, ...rest] = pieces;
  if (first === undefined) return empty;
  const chunks = [...first.chunks];
  const bindings = [...first.bindings];
  for (const piece of rest) {
    extendLast(chunks, separator);
    appendPiece(chunks, bindings, piece);
  }
  return new Sql(chunks, bindings);
}

export const TRUE = trustedSql('true');
export const FALSE = trustedSql('false');

function appendPiece(chunks: string[], bindings: Binding[], piece: Sql): void {
  extendLast(chunks, piece.chunks[0]);
  // Not push(...): a hundred thousand arguments exhaust the stack.
  piece.bindings.forEach((binding, index) => {
    bindings.push(binding);
    chunks.push(piece.chunks[index + 1] ?? '');
  });
}

function extendLast(chunks: string[], text = ''): void {
  chunks.push((chunks.pop() ?? '') + text);
}
