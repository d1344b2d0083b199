import {
  type Completion,
  type Operation,
  type OperationKind,
  operationKinds,
} from "../../core/protocol.ts";
import type { FollowUp, Workload } from "./needWorkload.ts";
import type { WorkloadDraws } from "./workloadDraws.ts";

/** What a user does when the operation at hand has ended `ok`. */
type Next =
  | "nothing"
  /** It has read what it answers: it writes the answer. */
  | "answer"
  /** It has read an answer: it reads what that answers. */
  | "followBack"
  /** It has written: it looks at what it wrote. */
  | "look";

/** What a user wants, from its first operation to what follows last; `kind` and so on are of the next. */
export interface Request {
  /** Whose draws it takes: a client, or a closed session. */
  readonly source: number;
  /** How many of its source were before it. */
  readonly turn: number;
  readonly isClosed: boolean;
  /** Place of the session's home in the list of clients. */
  readonly home: number;
  readonly session: number;
  /** The key that it is about, other than one that is only answered. */
  readonly subject: number;
  /** Whether it looks at what it writes. */
  readonly looks: boolean;
  kind: OperationKind;
  key: number;
  device: number;
  /** Number of the operation that the next one follows; `null` for the first. */
  after: number | null;
  next: Next;
  /** When the operation at hand began. */
  askedMs: number;
}

/** Decides what users want; takes draws, and has no state beside the keys written last. */
export class RequestPlanner {
  private readonly workload: Workload;
  private readonly draws: WorkloadDraws;

  constructor(workload: Workload, draws: WorkloadDraws) {
    this.workload = workload;
    this.draws = draws;
  }

  /** A request at a client, by some session of it. */
  open(source: number, home: number, turn: number): Request {
    const { sessionsPerClient } = this.workload;
    const place = this.draws.choose(sessionsPerClient, "sessions", source, turn);
    return this.request(source, turn, home, home * sessionsPerClient + place, false);
  }

  /** A request of a closed session, by its number from 0. */
  closed(session: number, turn: number): Request {
    const home = Math.floor(session / this.workload.sessionsPerClient);
    return this.request(session, turn, home, session, true);
  }

  /** Place in the list of clients of the one at which a request of a trace begins. */
  clientOfTrace(turn: number): number {
    const { clients } = this.workload;
    const total = clients.reduce((sum, { share }) => sum + share, 0);
    return placeOf(
      clients.map(({ share }) => share / total),
      this.draws.uniform("clients", 0, turn),
    );
  }

  /** Time for which a closed session thinks before a request. */
  thinkMs(session: number, turn: number): number {
    const { timetable } = this.workload;
    if (timetable.kind !== "closed") return Infinity;
    return timetable.think.upperQuantile(this.draws.uniform("think times", session, turn));
  }

  /** The node at which the next operation begins. */
  siteOf({ home, device }: Request): number {
    const { clients, isSpread } = this.workload;
    return clients[isSpread ? (home + device) % clients.length : home]!.node;
  }

  /**
   * What follows from an operation that ended `ok`: turns the request to it.
   *
   * @returns time until then in ms, or `null` if nothing follows
   */
  goOn(request: Request, operation: Operation, completion: Completion): number | null {
    const { conversations, readAfterWrite, deviceCount } = this.workload;
    const { source, turn, next, subject } = request;
    request.after = operation.id;
    request.next = "nothing";
    switch (next) {
      case "answer":
        request.kind = "write";
        request.key = subject;
        if (request.looks) request.next = "look";
        return this.delay(conversations!, "delays of conversations", source, turn);
      case "followBack":
        if (completion.value === null) return null;
        request.key = this.answeredBy(subject);
        return this.delay(conversations!, "delays of conversations", source, turn);
      case "look":
        request.kind = "read";
        if (readAfterWrite!.onNextDevice) request.device = (request.device + 1) % deviceCount;
        return this.delay(readAfterWrite!, "delays of reads", source, turn);
      default:
        return null;
    }
  }

  private request(
    source: number,
    turn: number,
    home: number,
    session: number,
    isClosed: boolean,
  ): Request {
    const { workload, draws } = this;
    const kind = this.kind(source, turn);
    const subject = workload.keys.pick(draws.uniform("keys", source, turn), kind);
    const next = this.firstNext(kind, source, turn);
    const isAnswer = next === "answer";
    // Written out: a spread would take longer than all the rest.
    return {
      source,
      turn,
      home,
      isClosed,
      subject,
      after: null,
      askedMs: 0,
      session: workload.firstSession + session,
      looks: kind === "write" && this.looks(source, turn),
      kind: isAnswer ? "read" : kind,
      key: isAnswer ? this.answeredBy(subject) : subject,
      device: draws.choose(workload.deviceCount, "devices", source, turn),
      next,
    };
  }

  private kind(source: number, turn: number): OperationKind {
    const { mix } = this.workload;
    const only = mix.indexOf(1);
    if (only >= 0) return operationKinds[only]!;
    return operationKinds[placeOf(mix, this.draws.uniform("kinds", source, turn))]!;
  }

  private firstNext(kind: OperationKind, source: number, turn: number): Next {
    const { conversations } = this.workload;
    if (conversations !== null && kind !== "insert") {
      const share = kind === "write" ? conversations.share : conversations.readShare;
      if (this.draws.uniform("conversations", source, turn) < share) {
        return kind === "write" ? "answer" : "followBack";
      }
    }
    return kind === "write" && this.looks(source, turn) ? "look" : "nothing";
  }

  private looks(source: number, turn: number): boolean {
    const { readAfterWrite } = this.workload;
    if (readAfterWrite === null) return false;
    return this.draws.uniform("reads after writes", source, turn) < readAfterWrite.share;
  }

  /** The key that a key answers. */
  private answeredBy(key: number): number {
    const { conversations, keys } = this.workload;
    return (key + conversations!.distance) % keys.count;
  }

  private delay(
    { delay }: FollowUp,
    purpose: "delays of conversations" | "delays of reads",
    source: number,
    turn: number,
  ): number {
    return delay.upperQuantile(this.draws.uniform(purpose, source, turn));
  }
}

/** The first place at which the sum of shares exceeds a uniform; rounding may leave the last positive. */
function placeOf(shares: readonly number[], uniform: number): number {
  let sum = 0;
  for (let place = 0; place < shares.length; place++) {
    sum += shares[place]!;
    if (uniform < sum) return place;
  }
  return shares.findLastIndex((share) => share > 0);
}
