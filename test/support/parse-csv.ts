/** A cell as it stands in the file: its text, and whether it was in quotes. */
export interface CsvCell {
  readonly text: string;
  readonly quoted: boolean;
}

const CELL = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;

/** Reads a table by the grammar of RFC 4180, with CRLF behind every record; anything else throws. */
export function parseCsv(text: string): readonly (readonly CsvCell[])[] {
  const records: CsvCell[][] = [];
  let record: CsvCell[] = [];
  for (let at = 0; at < text.length;) {
    CELL.lastIndex = at;
    const [all = '', quoted, plain = ''] = CELL.exec(text) ?? [];
    record.push({ text: quoted?.replaceAll('""', '"') ?? plain, quoted: quoted !== undefined });
    at += all.length;
    if (text.startsWith(',', at)) at += 1;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      records.push(record);
      record = [];
    } else
      throw new Error(`No comma and no CRLF at character ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
  }
  if (record.length > 0) throw new Error('The last record has no CRLF.');
  return records;
}
