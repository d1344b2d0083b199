/** What `help()` knows of one export; made from the declarations when the package is built. */
export interface HelpEntry {
  readonly name: string;
  /** Heading in `lib/index.ts` under which it stands. */
  readonly heading: string;
  readonly kind: "function" | "class" | "constant" | "type";
  /** Declaration as written. */
  readonly signature: string;
  /** Doc comment without its tags. */
  readonly text: string;
  /** Tags of the doc comment, in order: param, returns, throws, see, example. */
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}
