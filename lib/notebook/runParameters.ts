import { createRequire } from "node:module";
import type { Notebook, NotebookCell } from "./runFormat.ts";

/** A value that a notebook lets its caller choose: a declaration in a cell tagged `parameters`. */
export interface NotebookParameter {
  /** Name of the variable. */
  readonly name: string;
  /** The value of this run, as JSON. */
  readonly value: unknown;
  /** The value written in the notebook. */
  readonly default: unknown;
  /** Whether the value was given for this run; it may be the one in the notebook. */
  readonly overridden: boolean;
}

/** A notebook with the values of one run written into its `parameters` cells. */
export interface ParameterisedNotebook {
  readonly notebook: Notebook;
  readonly parameters: readonly NotebookParameter[];
}

interface Declaration {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Undefined if the initialiser is an expression: such a variable cannot be chosen. */
  readonly literal: { readonly value: unknown } | undefined;
}

/**
 * Writes values into the declarations of the cells tagged `parameters` (the convention of
 * papermill), so that `const seed = 2024` becomes `const seed = 7`.
 *
 * @param notebook the notebook; left as it is
 * @param given new values by name: JSON, or bare text where the notebook has a string
 * @throws {RangeError} if a name is unknown (listing those there are), a value is of another JSON
 *   type than the one in the notebook, or the variable is not declared by a literal
 */
export function applyParameters(
  notebook: Notebook,
  given: Readonly<Record<string, string>>,
): ParameterisedNotebook {
  const isTarget = (cell: NotebookCell): boolean =>
    cell.cell_type === "code" && tagsOf(cell).includes("parameters");
  const declared = notebook.cells.map((cell) => (isTarget(cell) ? declarations(cell.source) : []));
  const known = declared.flat().filter((each) => each.literal);
  checkNames(given, known, declared.flat());
  const parameters: NotebookParameter[] = [];
  const cells = notebook.cells.map((cell, index) => {
    let { source } = cell;
    for (const { name, start, end, literal } of declared[index]!.toReversed()) {
      if (!literal) continue;
      const overridden = Object.hasOwn(given, name);
      const value = overridden ? readValue(name, given[name]!, literal.value) : literal.value;
      parameters.push({ name, value, default: literal.value, overridden });
      if (overridden) source = source.slice(0, start) + JSON.stringify(value) + source.slice(end);
    }
    return { ...cell, source };
  });
  const order = known.map((each) => each.name);
  parameters.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return { notebook: { ...notebook, cells }, parameters };
}

/** Tags of a cell. */
export function tagsOf(cell: NotebookCell): readonly string[] {
  const { tags } = cell.metadata;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

function checkNames(
  given: Readonly<Record<string, string>>,
  known: readonly Declaration[],
  all: readonly Declaration[],
): void {
  const names = known.map((each) => each.name).join(", ");
  const there = names ? `one of ${names}` : "absent: no cell of the notebook is tagged parameters";
  for (const name of Object.keys(given)) {
    if (known.some((each) => each.name === name)) continue;
    const computed = all.some((each) => each.name === name);
    const reason = computed ? `${name}, which the notebook computes` : JSON.stringify(name);
    throw new RangeError(`applyParameters: need the parameter to be ${there}, got ${reason}`);
  }
}

/** The value from a command line, in the JSON type that the notebook uses. */
function readValue(name: string, text: string, model: unknown): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  if (typeof model === "string" && typeof value !== "string") value = text;
  if (jsonType(value) === jsonType(model)) return value;
  const what = `${jsonType(model)} (the notebook has ${JSON.stringify(model)})`;
  throw new RangeError(`applyParameters: need ${name} to be a JSON ${what}, got ${text}`);
}

function jsonType(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

// The few parts of the compiler's interface used here; the compiler is the one that tslab brings.
interface SyntaxNode {
  readonly kind: number;
  readonly text: string;
  readonly name?: SyntaxNode;
  readonly initializer?: SyntaxNode;
  readonly expression?: SyntaxNode;
  readonly operand?: SyntaxNode;
  readonly operator?: number;
  readonly elements?: readonly SyntaxNode[];
  readonly properties?: readonly SyntaxNode[];
  readonly statements?: readonly SyntaxNode[];
  readonly declarationList?: { readonly declarations: readonly SyntaxNode[] };
  getStart(): number;
  getEnd(): number;
  getText(): string;
}

interface Compiler {
  readonly SyntaxKind: Readonly<Record<string, number>>;
  createSourceFile(name: string, text: string, target: number, parents: boolean): SyntaxNode;
}

function loadCompiler(): Compiler {
  const fromHere = createRequire(import.meta.url);
  return createRequire(fromHere.resolve("tslab"))("@tslab/typescript-for-tslab") as Compiler;
}

function declarations(source: string): Declaration[] {
  const compiler = loadCompiler();
  const file = compiler.createSourceFile("cell.ts", source, 99, true);
  const variables = (file.statements ?? []).flatMap(
    (each) => each.declarationList?.declarations ?? [],
  );
  return variables.flatMap(({ name, initializer }) => {
    if (!name || !initializer || name.kind !== compiler.SyntaxKind.Identifier) return [];
    const inner = withoutAssertion(compiler, initializer);
    const value = literalValue(compiler, inner);
    const literal = value === undefined ? undefined : { value };
    return [{ name: name.getText(), start: inner.getStart(), end: inner.getEnd(), literal }];
  });
}

/** `[3, 5] as const` is as good as `[3, 5]`. */
function withoutAssertion({ SyntaxKind: kind }: Compiler, node: SyntaxNode): SyntaxNode {
  const isAssertion = node.kind === kind.AsExpression || node.kind === kind.SatisfiesExpression;
  return isAssertion && node.expression ? node.expression : node;
}

/** The value of a JSON-like literal, or undefined for any other expression. */
function literalValue(compiler: Compiler, node: SyntaxNode): unknown {
  const kind = compiler.SyntaxKind;
  switch (node.kind) {
    case kind.NumericLiteral:
      return Number(node.text);
    case kind.StringLiteral:
    case kind.NoSubstitutionTemplateLiteral:
      return node.text;
    case kind.TrueKeyword:
      return true;
    case kind.FalseKeyword:
      return false;
    case kind.NullKeyword:
      return null;
    case kind.PrefixUnaryExpression: {
      const value = node.operand && literalValue(compiler, node.operand);
      return node.operator === kind.MinusToken && typeof value === "number" ? -value : undefined;
    }
    case kind.ArrayLiteralExpression: {
      const values = (node.elements ?? []).map((each) => literalValue(compiler, each));
      return values.includes(undefined) ? undefined : values;
    }
    case kind.ObjectLiteralExpression:
      return objectValue(compiler, node.properties ?? []);
    default:
      return undefined;
  }
}

function objectValue(compiler: Compiler, properties: readonly SyntaxNode[]): unknown {
  const entries = properties.map(({ name, initializer }) => {
    const value = initializer && literalValue(compiler, initializer);
    return [name?.text, value] as const;
  });
  const isLiteral = entries.every(([name, value]) => name !== undefined && value !== undefined);
  return isLiteral ? Object.fromEntries(entries) : undefined;
}
