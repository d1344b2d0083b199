/** One record of a CSV file and where it starts. */
export interface CsvRecord {
  /** Line on which the record starts, from 1. */
  readonly line: number;
  /** Fields, without their quotes. */
  readonly fields: readonly string[];
}

/** What is wrong with the text of a CSV file, and where. */
export class CsvSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/**
 * Splits the text of a CSV file into records.
 *
 * RFC 4180: fields between commas, quotes around a field that holds a comma, a quote (doubled) or a
 * line break. Lines end in LF or CRLF; a byte order mark and a last line break are no field.
 */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    for (;;) {
      const field =
        text[at] === '"'
          ? quotedField(text, at, start, fields.length + 1)
          : plainField(text, at, start, fields.length + 1);
      fields.push(field.value);
      line += field.lineBreaks;
      at = field.end;
      if (text[at] !== ",") break;
      at += 1;
    }
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    records.push({ line: start, fields });
  }
  return records;
}

interface Field {
  value: string;
  /** Position of the comma or line break behind the field, or the end of the text. */
  end: number;
  lineBreaks: number;
}

const endOfField = /[,\n]|\r\n/g;

function plainField(text: string, from: number, line: number, column: number): Field {
  endOfField.lastIndex = from;
  const end = endOfField.exec(text)?.index ?? text.length;
  const value = text.slice(from, end);
  if (value.includes('"')) {
    throw new CsvSyntaxError("without a quote inside an unquoted field", line, column);
  }
  return { value, end, lineBreaks: 0 };
}

function quotedField(text: string, from: number, line: number, column: number): Field {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) throw new CsvSyntaxError("with a closing quote", line, column);
  const inside = text.slice(from + 1, end);
  end += 1;
  const closed =
    end === text.length || text[end] === "," || /^\r?\n/.test(text.slice(end, end + 2));
  if (!closed) throw new CsvSyntaxError("without text behind the closing quote", line, column);
  return { value: inside.replaceAll('""', '"'), end, lineBreaks: inside.split("\n").length - 1 };
}
