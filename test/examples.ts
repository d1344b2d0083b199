// The `// =>` lines of examples: found in doc comments and Markdown, evaluated, compared.
import ts from "typescript";

/** One example: a block of code with the values that it claims. */
export interface Example {
  /** Where it stands: file and line of its first line. */
  readonly place: string;
  readonly code: string;
}

/** Values by name that an example may use. */
export type Scope = Readonly<Record<string, unknown>>;

/** What came of an example: how many of its claims were checked, and which were wrong. */
export interface Outcome {
  readonly checked: number;
  readonly lies: readonly string[];
}

/** All `@example` blocks in the doc comments of a source file. */
export function examplesInSource(file: string, text: string): Example[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Example[] = [];
  const visit = (node: ts.Node): void => {
    for (const doc of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
      if (doc.parent !== node) continue;
      for (const tag of (doc.tags ?? []).filter((each) => each.tagName.text === "example")) {
        const line = source.getLineAndCharacterOfPosition(tag.getStart()).line + 1;
        const code = tag
          .getText()
          .replace(/^@example/, "")
          .replace(/^[ \t]*\* ?/gm, "");
        found.push({ place: `${file}:${line}`, code: code.trim() });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All blocks of TypeScript in a Markdown file. */
export function examplesInMarkdown(file: string, text: string): Example[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split("\n").length}`,
    code: match[1]!,
  }));
}

/** Runs an example and compares every value that it claims. */
export async function runExample({ place, code }: Example, scope: Scope): Promise<Outcome> {
  const lies: string[] = [];
  let checked = 0;
  const check = (claim: string, actual: unknown, expected: unknown): void => {
    checked += 1;
    if (!agrees(actual, expected)) lies.push(`${place}: ${claim}, but it is ${show(actual)}`);
  };
  const names = { ...scope, check__: check, cut__: (text: string) => new Cut(text) };
  const script = ts.transpile(scriptOf(place, code), { target: ts.ScriptTarget.ES2023 });
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  try {
    await AsyncFunction(...Object.keys(names), script)(...Object.values(names));
  } catch (error) {
    lies.push(`${place}: ${error}`);
  }
  return { checked, lies };
}

/** The code with every `expression; // => value` turned into a check; imports are left to the scope. */
function scriptOf(place: string, code: string): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  let claims = code.split("// =>").length - 1;
  const statements = source.statements.map((statement) => {
    if (ts.isImportDeclaration(statement)) return importCheck(statement);
    const text = statement.getText();
    // The claim stands behind the statement, or alone on the line below it.
    const claim = /^[ \t]*\n?[ \t]*\/\/ => (.+)/.exec(code.slice(statement.end))?.[1];
    if (claim === undefined) return text;
    claims -= 1;
    if (!ts.isExpressionStatement(statement)) return `throw "no expression before => ${claim}"`;
    const expression = statement.expression.getText();
    const described = JSON.stringify(`${expression} // => ${claim}`);
    return `check__(${described}, (${expression}), (${withCuts(claim)}));`;
  });
  if (claims !== 0) throw new Error(`${place}: ${claims} lines with => that are no claims`);
  return statements.join("\n");
}

/** What a reader would import must be there. */
function importCheck(statement: ts.ImportDeclaration): string {
  const module = (statement.moduleSpecifier as ts.StringLiteral).text;
  if (module !== "quorumlab") throw new Error(`an example imports ${module}`);
  const { namedBindings } = statement.importClause ?? {};
  if (!namedBindings || !ts.isNamedImports(namedBindings)) return "";
  return namedBindings.elements
    .filter((each) => !each.isTypeOnly)
    .map((each) => `if (${each.name.text} === undefined) throw "missing";`)
    .join("\n");
}

/** A number of which only the first digits are given: `0.444...`, `1.88...e-6`. */
class Cut {
  readonly low: number;
  readonly high: number;

  constructor(text: string) {
    const [, sign, digits, decimals = "", exponent = ""] =
      /^(-?)(\d+(?:\.(\d*))?)\.\.\.(e[+-]?\d+)?$/.exec(text)!;
    const size = Number(`${digits}${exponent}`);
    const next = size + Number(`1e-${decimals.length}`) * Number(`1${exponent}`);
    this.low = sign === "-" ? -next : size;
    this.high = sign === "-" ? -size : next;
  }
}

/** The claim as code; numbers that are cut become objects, text in quotes stays. */
function withCuts(claim: string): string {
  const pieces = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d*)?\.\.\.(?:e[+-]?\d+)?/g;
  return claim
    .replace(/;?\s*$/, "")
    .replaceAll(pieces, (piece) => (piece.startsWith('"') ? piece : `cut__("${piece}")`));
}

function agrees(actual: unknown, expected: unknown): boolean {
  if (expected instanceof Cut) {
    return typeof actual === "number" && actual >= expected.low && actual <= expected.high;
  }
  if (typeof expected !== "object" || expected === null) return Object.is(actual, expected);
  if (typeof actual !== "object" || actual === null) return false;
  if (Array.isArray(expected) && (actual as unknown[]).length !== expected.length) return false;
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...keys].every((key) => agrees((actual as Scope)[key], (expected as Scope)[key]));
}

function show(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
