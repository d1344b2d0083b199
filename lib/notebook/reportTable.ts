/** A table as texts: what is printed where HTML cannot be shown. */
export interface PlainTable {
  readonly caption: string;
  readonly rows: readonly { readonly cells: readonly string[]; readonly isHead: boolean }[];
  /** `left` or `right` for each column: columns of numbers stand on the right. */
  readonly alignments: readonly string[];
}

/** The first table in a piece of well-formed HTML, or undefined if there is none. */
export function htmlTable(html: string): PlainTable | undefined {
  const table = /<table[^>]*>([\s\S]*?)<\/table>/i.exec(html)?.[1];
  if (table === undefined) return undefined;
  const rows = [...table.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/gi)].map(([, row]) => {
    const cells = [...row!.matchAll(/<t([hd])([^>]*)>([\s\S]*?)<\/t\1>/gi)];
    const texts = cells.flatMap(([, , attributes, content]) =>
      spread(attributes!, htmlText(content!)),
    );
    return { cells: texts, isHead: cells.length > 0 && cells.every(([, kind]) => kind === "h") };
  });
  const caption = /<caption[^>]*>([\s\S]*?)<\/caption>/i.exec(table)?.[1] ?? "";
  return { caption: htmlText(caption), rows, alignments: alignmentsOf(rows) };
}

/** A cell over several columns leaves the others empty. */
function spread(attributes: string, text: string): string[] {
  const span = Number(/colspan="?(\d+)/i.exec(attributes)?.[1] ?? 1);
  return [text, ...Array.from({ length: span - 1 }, () => "")];
}

function alignmentsOf(rows: PlainTable["rows"]): string[] {
  const body = rows.filter((row) => !row.isHead);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  return Array.from({ length: width }, (_, column) => {
    const texts = body.map((row) => row.cells[column] ?? "").filter((text) => text !== "");
    const numbers = texts.filter((text) => /^[-+−±≤≥<>~≈]?\s*[\d.]/.test(text));
    return texts.length > 0 && numbers.length === texts.length ? "right" : "left";
  });
}

/** The words of a piece of HTML. */
export function htmlText(html: string): string {
  const text = html
    .replace(/<!--[\s\S]*?-->|<(style|script)[\s\S]*?<\/\1>/gi, "")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/<[^>]+>/g, "");
  return decodeEntities(text).replace(/\s+/g, " ").trim();
}

function decodeEntities(text: string): string {
  const named: Record<string, string> = {
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    amp: "&",
  };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return named[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
