/** As far as a pattern is worth while: parsing it takes longer the longer it is. */
const LONGEST = 64;

/**
 * Letters that have one partner in the other case, or none, beside those of {@link FURTHER}: of the Latin, Greek, Cyrillic
 * and Armenian alphabets. (Which capitals the Georgian letters have depends on the version of ICU.)
 */
const CASED = 'A-Za-zµÀ-ÖØ-öø-įı-žƠơƯưǍ-ǜȘ-țḀ-ẕẞ-ỿΆΈ-ΊΌΎ-ΡΣ-ώЀ-ҁҊ-ԯԱ-Ֆա-ևＡ-Ｚａ-ｚ';
/** Whatever knows no case, of any script: letters, marks, digits, punctuation, emoji and what joins them. */
const CASELESS = String.raw`(?!\p{Cased}|\p{Changes_When_Casemapped}|\u0307)[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\u200c\u200d]`;
const PLAIN = new RegExp(`^(?:[${CASED}]|${CASELESS})+$`, 'u');

const KELVIN = '\u212a';
/** What else folds to a letter: the signs of Kelvin, Ångström and ohm, a capital theta, a last sigma, a capital sharp s. */
const FURTHER: Readonly<Record<string, string>> = {
  k: KELVIN,
  å: '\u212b',
  ω: '\u2126',
  θ: '\u03f4',
  σ: '\u03c2',
  ß: '\u1e9e',
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
  // An upper case that leads elsewhere is none of its letter: of `ı` it is `I`, of `ß` it is `SS`.
  const partner = upper.toLowerCase() === lower ? upper : lower;
  const others = `${partner === lower ? '' : partner}${FURTHER[lower] ?? ''}${lower === 'i' && isLast ? DOTTED_I : ''}`;
  return others === '' ? letter.replace(/[.*+?^$()[\]{}|\\]/, '\\$&') : `[${lower}${others}]`;
}

/** The signs that fold to a letter of ASCII, and which: that of Kelvin, and the dotted capital, which leaves its dot beside. */
export const FOLDED_TO_ASCII: readonly (readonly [sign: string, letter: string])[] = [
  [KELVIN, 'k'],
  [DOTTED_I, 'i'],
];

/** What folds by ASCII alone, and what JSON writes as it is. */
const FOLDED_BY_ASCII = new RegExp(String.raw`(?:(?!["\\])(?:[ -~]|${CASELESS}))+`, 'gu');

/**
 * The longest part of a text, in lower case, that a text which contains it has too, once its letters of ASCII, and what
 * {@link FOLDED_TO_ASCII} has, are in lower case; and the JSON of that text as well. Empty where there is none.
 */
export function plainPart(text: string): string {
  const parts = text.toLowerCase().match(FOLDED_BY_ASCII) ?? [];
  return parts.reduce<string>((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** A text that a number or a boolean may contain. */
const SCALAR_TEXT = /^(?:[0-9.e+-]+|[truefals]+)$/i;

/** Whether the JSON text of a number or a boolean may contain the text, ignoring case. */
export function isInScalars(text: string): boolean {
  return SCALAR_TEXT.test(text);
}

/** Whether it is the text of a whole number, which any number that is equal to it has in its own, be it as `17.0`. */
export function isWhole(text: string): boolean {
  return /^-?[0-9]+$/.test(text);
}
