import { writeJson } from '../../document/index.js';
import { foldText } from '../fold-text.js';
import { sql, type Sql } from '../sql.js';
import { isInScalars } from '../text-pattern.js';
import { hasAll, hasTrigram, likeHolding, trigramsOf } from './trigrams.js';

/** Every string of a document, as the JSON text of a list, without regard to case. */
export function textsOf(document: Sql): Sql {
  return foldText(sql`jsonb_path_query_array(${document}, 'strict $.** ? (@.type() == "string")')::text`);
}

/** Whether the index on the strings of all fields finds a text; numbers and booleans are not among the strings. */
export function isInDocumentTexts(text: string): boolean {
  return hasTrigram(text) && !isInScalars(text);
}

/** Whether some string of a document holds a text, as the index on all of them is asked. */
export function documentHolds(document: Sql, text: string): Sql {
  // As PostgreSQL writes the string within the list.
  return likeHolding(textsOf(document), writeJson(text).slice(1, -1), foldText);
}

/** Whether the index would give a document of a sample for a text: it tells trigrams, not how they follow each other. */
export function documentHasTrigrams(texts: Sql, text: string): Sql {
  return hasAll(texts, trigramsOf(text.toLowerCase()));
}
