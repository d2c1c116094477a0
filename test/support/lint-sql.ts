/** What a distributed PostgreSQL (Citus) would refuse in a statement, or what would be right on one node alone. */
export function lintSql(statement: string): readonly string[] {
  const text = statement.replaceAll(/\s+/g, ' ');
  return [
    ...mutableOnConflict(text),
    ...locksOfMany(text),
    ...correlated(text),
    ...(/\bTRIGGER\b/i.test(text) ? ['makes a trigger'] : []),
    ...(/\bON CONFLICT ON CONSTRAINT\b/i.test(text) ? ['names a constraint'] : []),
  ];
}

/** Tables that are distributed by trial id. */
const DISTRIBUTED = /"?\b(?:trials|trial_metadata|trial_metadata_(?:history|uncounted|changes))\b"?/;
const MUTABLE =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|nextval|setval|pg_current_xact_id|pg_current_snapshot|current_timestamp|current_date|current_user|session_user|SELECT)\b/i;

function mutableOnConflict(text: string): readonly string[] {
  return [...text.matchAll(/\bDO UPDATE SET (.*?)(?: WHERE | RETURNING |\)|$)/gi)].flatMap(
    ([, assignments = '']) =>
      MUTABLE.test(assignments) ? [`ON CONFLICT SET uses what is not immutable: ${assignments}`] : [],
  );
}

/** `FOR UPDATE` and its kin lock the rows of one trial id, given as an equality. */
function locksOfMany(text: string): readonly string[] {
  return [...text.matchAll(/\bFOR (?:NO KEY )?(?:UPDATE|SHARE|KEY SHARE)\b/gi)].flatMap((match) => {
    const select = text.slice(text.lastIndexOf('SELECT', match.index), match.index);
    const from = / FROM (?:ONLY )?("?\w+"?)/i.exec(select)?.[1] ?? '';
    const isDistributed = new RegExp(`^(?:${DISTRIBUTED.source})$`).test(from);
    const isOne = /"?\b(?:trial_id|id)"? = \$\d+/.test(select);
    return isDistributed && !isOne ? [`locks more than one trial: ${select.slice(0, 120)}`] : [];
  });
}

/** From experiments outward, trials come by `IN` or a join: not by an EXISTS or LATERAL that names the experiment. */
function correlated(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:EXISTS|LATERAL) \(/gi)].flatMap((match) => {
    const inner = parenthesis(text, match.index + match[0].length - 1);
    const isOfTrials = new RegExp(` (?:FROM|JOIN) ${DISTRIBUTED.source}`, 'i').test(inner);
    const namesExperiment = /"experiment"\."id"|\bexperiments\.id\b/.test(inner);
    const bringsItsOwn = /(?:FROM|JOIN) "?experiments"? /i.test(inner);
    return isOfTrials && namesExperiment && !bringsItsOwn
      ? [`goes from experiments to trials by a correlated sub-select: ${inner.slice(0, 120)}`]
      : [];
  });
}

function parenthesis(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && (depth -= 1) === 0) return text.slice(open + 1, at);
  }
  return text.slice(open + 1);
}
