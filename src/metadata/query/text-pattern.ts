/** As far as a pattern is worth while: parsing it takes longer the longer it is. */
const LONGEST = 64;

/**
 * Texts of printable ASCII, of Latin, Greek and Cyrillic letters that have one partner in the other case, and of scripts
 * that know no case.
 */
const PLAIN =
  /^[\x20-\x7eÀ-ÖØ-Þà-öø-þΑ-ΡΣ-Ωα-ωЀ-џ\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;

/** Letters that fold to another than their partner: the signs of Kelvin, Ångström and ohm, a capital theta, a last sigma. */
const FURTHER: Readonly<Record<string, string>> = {
  k: '\u212a',
  å: '\u212b',
  ω: '\u2126',
  θ: '\u03f4',
  σ: '\u03c2',
};
/** It folds to an `i` with a dot of its own behind, so that nothing else can follow. */
const DOTTED_I = '\u0130';

/**
 * A regular expression of PostgreSQL for the texts that hold a text, ignoring case as {@link foldText} does; it needs no
 * flag, and means the same in any locale. Undefined where it takes more than a pattern to say so.
 *
 *     A100 (mini)
 *     [aA]100 \([mM][iI][nN][iIİ]\)
 */
export function textPattern(text: string): string | undefined {
  if (!PLAIN.test(text) || text.length > LONGEST) return undefined;
  const letters = Array.from(text);
  return letters.map((letter, place) => letterPattern(letter, place === letters.length - 1)).join('');
}

function letterPattern(letter: string, isLast: boolean): string {
  const lower = letter === 'ς' ? 'σ' : letter.toLowerCase();
  const upper = lower.toUpperCase();
  if (lower === upper) return letter.replace(/[.*+?^$()[\]{}|\\]/, '\\$&');
  return `[${lower}${upper}${FURTHER[lower] ?? ''}${lower === 'i' && isLast ? DOTTED_I : ''}]`;
}

/** A text that a number or a boolean may contain. */
const SCALAR_TEXT = /^(?:[0-9.e+-]+|[truefals]+)$/i;

/** Whether the JSON text of a number or a boolean may contain the text, ignoring case. */
export function isInScalars(text: string): boolean {
  return SCALAR_TEXT.test(text);
}
