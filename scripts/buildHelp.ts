// Writes dist/help.json: name, heading, signature and doc comment of every export, so that `help()` needs no compiler.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { HelpEntry } from "../lib/notebook/helpEntry.ts";

const dist = resolve(process.argv[2] ?? "dist");
const entries = helpEntries(join(dist, "index.d.ts"), readFileSync("lib/index.ts", "utf8"));
writeFileSync(join(dist, "help.json"), `${JSON.stringify(entries, null, 1)}\n`);

/** Help of every export of the declarations, in the order and under the headings of `lib/index.ts`. */
function helpEntries(declarations: string, index: string): HelpEntry[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ["node"],
  };
  const program = ts.createProgram([declarations], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(declarations)!)!;
  const symbols = new Map(checker.getExportsOfModule(module).map((each) => [each.name, each]));
  return exportsUnderHeadings(index).map(({ name, heading }) => {
    const symbol = symbols.get(name);
    if (!symbol)
      throw new Error(`buildHelp: ${name} is in lib/index.ts but not in ${declarations}`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return helpEntry({ name, heading, symbol: target, checker });
  });
}

interface Heading {
  name: string;
  heading: string;
}

/** Names exported by the index, each with the last comment line above it. */
function exportsUnderHeadings(index: string): Heading[] {
  const source = ts.createSourceFile("index.ts", index, ts.ScriptTarget.Latest, true);
  let heading = "";
  return source.statements.flatMap((statement, position) => {
    const comments = ts.getLeadingCommentRanges(index, statement.pos) ?? [];
    // The first comment of the file is about the file unless another one follows.
    const last = comments.length > 1 || position > 0 ? comments.at(-1) : undefined;
    if (last) heading = index.slice(last.pos, last.end).replace(/^\/\/\s*/, "");
    if (!ts.isExportDeclaration(statement)) return [];
    if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      throw new Error("buildHelp: lib/index.ts may hold named exports only");
    }
    return statement.exportClause.elements.map((each) => ({ name: each.name.text, heading }));
  });
}

interface Export extends Heading {
  symbol: ts.Symbol;
  checker: ts.TypeChecker;
}

function helpEntry({ name, heading, symbol, checker }: Export): HelpEntry {
  const declarations = symbol.declarations ?? [];
  const tags = declarations.flatMap((each) => ts.getJSDocTags(each)).map(tagAsWritten);
  return {
    name,
    heading,
    kind: kindOf(symbol),
    signature: declarations.map(signatureOf).join("\n"),
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    tags,
  };
}

/** The text of a tag as it stands in the comment: the compiler's own parts split paths and types. */
function tagAsWritten(tag: ts.JSDocTag): HelpEntry["tags"][number] {
  const name = tag.tagName.text;
  const text = tag.getText().slice(name.length + 1);
  return { name, text: text.replace(/^[ \t]*\* ?/gm, "").trim() };
}

function kindOf(symbol: ts.Symbol): HelpEntry["kind"] {
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (symbol.flags & ts.SymbolFlags.Class) return "class";
  return symbol.flags & ts.SymbolFlags.Value ? "constant" : "type";
}

/** The declaration as written, doc comments of members included, without `export declare`. */
function signatureOf(declaration: ts.Declaration): string {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return statement
    .getText()
    .replace(/^(?:export |declare |default )+/, "")
    .replace(/^ {4}/gm, "  ")
    .replace(/;$/, "");
}
