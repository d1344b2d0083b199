// What a notebook's compiler (TypeScript 5.0.4 inside tslab) makes of the declarations of a package.
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import type * as TypeScript from "typescript";

/** The compiler of notebook cells; its interface is that of the newer one as far as used here. */
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab") as typeof TypeScript;

/** Version of the compiler of notebook cells. */
export const cellCompilerVersion: string = ts.version;

/** Options of tslab 1.0.22, except that declarations are checked too. */
const options: TypeScript.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: 2 satisfies TypeScript.ModuleResolutionKind.Node10,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  esModuleInterop: true,
  strict: false,
  skipLibCheck: false,
  noEmit: true,
  types: ["node"],
  typeRoots: [resolve(import.meta.dirname, "../node_modules/@types")],
};

/** What the compiler said, where a type has become `any`, and which types a reader cannot name. */
export interface ConsumerReport {
  readonly exports: readonly string[];
  readonly errors: readonly string[];
  readonly anys: readonly string[];
  /** Types within the exports that are not exported themselves: a cell cannot name them. */
  readonly hidden: readonly string[];
}

/**
 * Type-checks a consumer of a package, and the package's own declarations with it.
 *
 * @param consumer path of the file that imports the package; need not exist
 * @param source its text
 * @param moduleName the package, as imported
 */
export function checkConsumer(
  consumer: string,
  source: string,
  moduleName: string,
): ConsumerReport {
  const program = programWith(consumer, `import * as all from "${moduleName}";\n${source}`);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(consumer)!;
  const specifier = (file.statements[0] as TypeScript.ImportDeclaration).moduleSpecifier;
  const module = checker.getSymbolAtLocation(specifier);
  if (!module) return { exports: [], errors: errorsOf(program, [file]), anys: [], hidden: [] };
  const folder = dirname(module.declarations![0]!.getSourceFile().fileName);
  const own = (name: string): boolean => name.startsWith(folder + sep);
  const ownFiles = program.getSourceFiles().filter((each) => own(each.fileName));
  const exported = checker.getExportsOfModule(module);
  const targets = exported.map((symbol) => targetOf(checker, symbol));
  const walks = targets.map((symbol) => walk(checker, symbol, own));
  const names = new Set(targets);
  const reached = walks.flatMap((each) => [...each.named]);
  return {
    exports: exported.map((symbol) => symbol.name),
    errors: errorsOf(program, [file, ...ownFiles]),
    anys: walks.flatMap((each) => each.anys),
    hidden: [...new Set(reached.filter((symbol) => !names.has(symbol)).map(({ name }) => name))],
  };
}

function targetOf(checker: TypeScript.TypeChecker, symbol: TypeScript.Symbol): TypeScript.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function programWith(consumer: string, source: string): TypeScript.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getCurrentDirectory = () => dirname(consumer);
  host.fileExists = (name) => name === consumer || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) =>
    name === consumer
      ? ts.createSourceFile(name, source, languageVersion)
      : getSourceFile(name, languageVersion, ...rest);
  return ts.createProgram([consumer], options, host);
}

function errorsOf(program: TypeScript.Program, files: TypeScript.SourceFile[]): string[] {
  return files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start, messageText }) => {
        const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
        const text = ts.flattenDiagnosticMessageText(messageText, " ");
        return `${file.fileName.split(sep).slice(-2).join("/")}:${line + 1}: ${text}`;
      },
    ),
  );
}

interface Walk {
  /** Paths within the type of one export at which the compiler sees `any`. */
  readonly anys: string[];
  /** Named types of the package that were met on the way. */
  readonly named: Set<TypeScript.Symbol>;
}

/** Walks through all that the type of one export consists of. */
function walk(
  checker: TypeScript.TypeChecker,
  symbol: TypeScript.Symbol,
  own: (file: string) => boolean,
): Walk {
  const anys: string[] = [];
  const named = new Set<TypeScript.Symbol>();
  const seen = new Set<TypeScript.Type>();
  const visit = (type: TypeScript.Type | undefined, path: string): void => {
    if (!type) return;
    if (type.flags & ts.TypeFlags.Any) {
      anys.push(path);
      return;
    }
    if (seen.has(type)) return;
    seen.add(type);
    for (const name of [type.aliasSymbol, type.symbol]) if (isNamed(name, own)) named.add(name!);
    if (type.isUnionOrIntersection()) for (const part of type.types) visit(part, path);
    for (const [index, part] of argumentsOf(checker, type).entries())
      visit(part, `${path}<${index}>`);
    if (!isOwn(type, own)) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.getParameters()) {
        visit(typeOf(checker, parameter), `${path}(${parameter.name})`);
      }
      visit(signature.getReturnType(), `${path}()`);
    }
    visit(type.getStringIndexType(), `${path}[string]`);
    visit(type.getNumberIndexType(), `${path}[number]`);
    for (const property of type.getProperties()) {
      // The prototype of a class is declared as any instance by the compiler itself.
      if (property.flags & ts.SymbolFlags.Prototype || isPrivate(property)) continue;
      visit(typeOf(checker, property), `${path}.${property.name}`);
    }
  };
  if (symbol.flags & ts.SymbolFlags.Value) visit(typeOf(checker, symbol), symbol.name);
  if (symbol.flags & ts.SymbolFlags.Type) {
    visit(checker.getDeclaredTypeOfSymbol(symbol), symbol.name);
  }
  return { anys, named };
}

/** Whether it is an interface, class or alias of the package: something that has a name to import. */
function isNamed(symbol: TypeScript.Symbol | undefined, own: (file: string) => boolean): boolean {
  const isType = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias;
  return (
    symbol !== undefined &&
    (symbol.flags & isType) !== 0 &&
    (symbol.declarations ?? []).some((each) => own(each.getSourceFile().fileName))
  );
}

/** Declarations leave out the types of private members. */
function isPrivate(property: TypeScript.Symbol): boolean {
  return (property.declarations ?? []).some(
    (each) => ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Private,
  );
}

function argumentsOf(
  checker: TypeScript.TypeChecker,
  type: TypeScript.Type,
): readonly TypeScript.Type[] {
  const isReference = "target" in type && type.flags & ts.TypeFlags.Object;
  return isReference ? checker.getTypeArguments(type as TypeScript.TypeReference) : [];
}

/** Whether a type is written in the package: what others declare is theirs to answer for. */
function isOwn(type: TypeScript.Type, own: (file: string) => boolean): boolean {
  const declarations = (type.symbol ?? type.aliasSymbol)?.declarations ?? [];
  return declarations.some((declaration) => own(declaration.getSourceFile().fileName));
}

function typeOf(checker: TypeScript.TypeChecker, symbol: TypeScript.Symbol): TypeScript.Type {
  return checker.getTypeOfSymbolAtLocation(
    symbol,
    symbol.declarations?.[0] ?? symbol.valueDeclaration!,
  );
}

/** Path of a consumer beside the notebooks of a package's checkout. */
export function consumerPath(folder: string): string {
  return join(folder, "consumer.ts");
}
