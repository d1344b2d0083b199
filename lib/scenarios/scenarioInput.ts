import type { Scenario } from "./scenario.ts";

/**
 * A scenario as somebody writes it: fields may be left out, and times may be texts such as `"5 s"`. What
 * the type lets pass, `scenarioFromJson` checks: texts are taken as they come, so that a scenario may be
 * put together from parts.
 */
export type ScenarioInput = Loose<Scenario>;

/** Parts may be missing, numbers may be texts, and names are suggested, not demanded. */
type Loose<Value> = Value extends number
  ? Value | string
  : Value extends string
    ? Value | (string & {})
    : Value extends readonly (infer Item)[]
      ? readonly Loose<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]?: Loose<Value[Name]> }
        : Value;
