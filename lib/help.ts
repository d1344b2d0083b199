import * as library from "./index.ts";
import { helpLookup } from "./notebook/helpLookup.ts";
import type { HelpText } from "./notebook/helpText.ts";

// The index exports `help`, and `help` looks into the index: only when it is called, so the circle does no harm.
const lookup = helpLookup(() => library);

/**
 * Help for an export: its signature, doc comment, units and example; without argument a list of all.
 *
 * In a notebook or at the prompt the text shows itself where the call is the last expression.
 *
 * @param what an export, or the name of one (types have a name only)
 * @returns the text; for an unknown name, the names that are near it
 * @throws {RangeError} if it is neither an export nor a text
 * @example
 * help("estimateMethods").text.split("\n")[0].startsWith("const estimateMethods"); // => true
 */
export function help(what?: unknown): HelpText {
  return lookup(what);
}
