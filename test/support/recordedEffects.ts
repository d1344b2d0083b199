import type { Delay, NodeId } from "../../lib/core/protocol.ts";
import type { ReplicaEffects } from "../../lib/protocols/single-leader/state.ts";

/** What a handler asked for, in order, as plain text or data. */
export interface Asked {
  readonly what: "send" | "timer" | "cancel" | "store" | "sync" | "observe" | "append" | "other";
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are for the test to know
  readonly payload: any;
  readonly to?: NodeId;
  readonly delay?: Delay;
}

/** Effects that only write down what they are asked for; the clock shows what the test sets. */
export interface RecordedEffects {
  readonly effects: ReplicaEffects;
  readonly asked: Asked[];
  nowMs: number;
  /** Messages sent under a name, and to whom. */
  sent(name: string): Asked[];
  /** Forgets what was asked for so far. */
  forget(): void;
}

/** For tests of single handlers; random choices are those of `choose`. */
export function recordedEffects(choose: (count: number) => number = () => 0): RecordedEffects {
  const asked: Asked[] = [];
  let timerCount = 0;
  const recorded: RecordedEffects = {
    asked,
    nowMs: 0,
    sent: (name) => asked.filter((each) => each.what === "send" && each.name === name),
    forget: () => {
      asked.length = 0;
    },
    effects: {
      clockMs: () => recorded.nowMs,
      send: (to, name, payload) => {
        asked.push({ what: "send", name, payload, to });
      },
      setTimer: (name, payload, delay) => {
        asked.push({ what: "timer", name, payload, delay });
        return ++timerCount;
      },
      cancelTimer: (timer) => {
        if (timer !== 0) asked.push({ what: "cancel", name: String(timer), payload: null });
      },
      choose,
      store: (name, payload) => {
        asked.push({ what: "store", name, payload });
      },
      append: (payload) => {
        asked.push({ what: "append", name: "entry", payload });
      },
      truncate: (payload) => {
        asked.push({ what: "other", name: "truncate", payload });
      },
      trim: (payload) => {
        asked.push({ what: "other", name: "trim", payload });
      },
      resetLog: (payload) => {
        asked.push({ what: "other", name: "resetLog", payload });
      },
      sync: (name, payload) => {
        asked.push({ what: "sync", name, payload });
      },
      complete: () => {},
      observe: (name, payload) => {
        asked.push({ what: "observe", name, payload });
      },
    },
  };
  return recorded;
}
