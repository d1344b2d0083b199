import type { Completion, Operation } from "../../core/protocol.ts";
import type { PlacedNode } from "../nodeSet.ts";
import type { Actor, Controls } from "../world.ts";
import type { Arrivals } from "./arrivals.ts";
import { readWorkload, type Workload } from "./needWorkload.ts";
import { type Request, RequestPlanner } from "./requestPlanner.ts";
import { WorkloadDraws } from "./workloadDraws.ts";
import type { WorkloadSpec } from "./workloadSpec.ts";

/**
 * An actor that plays the users of a run: what they ask for, when, and what follows from the answers.
 *
 * Arrivals, sessions, devices, kinds, keys and all that follows have streams of their own: another share
 * of reads leaves times and keys as they were. What the actor keeps is the operations from which
 * something may follow, not the run. At a client node that is down nobody asks.
 *
 * Several workloads in one run need different names, and different first sessions.
 *
 * @param spec what is asked for, and when
 * @param world its nodes
 * @throws {RangeError} if the specification is wrong, naming the field
 */
export function workloadActor(
  spec: WorkloadSpec,
  world: { readonly nodes: readonly PlacedNode[] },
): Actor {
  return new WorkloadActor(readWorkload("workloadActor", spec, world.nodes));
}

/** What is to be done when the actor wakes. */
type Due = () => void;

/** At a client that is down a closed session looks again after this time, or when it has thought. */
const downRetryMs = 10;

class WorkloadActor implements Actor {
  private planner: RequestPlanner;
  /** Operations from whose answers something follows, in the order in which they began. */
  private readonly pending = new Map<number, Request>();
  /** Answers that came before the operation's number was known. */
  private readonly early: [Operation, Completion][] = [];
  private isInvoking = false;
  private isWatching = false;
  private readonly workload: Workload;

  constructor(workload: Workload) {
    this.workload = workload;
    this.planner = new RequestPlanner(workload, new WorkloadDraws(0, workload.name));
  }

  begin(seed: number, controls: Controls): void {
    const { workload } = this;
    const { timetable, clients, sessionsPerClient } = workload;
    this.planner = new RequestPlanner(workload, new WorkloadDraws(seed, workload.name));
    this.pending.clear();
    this.isWatching = false;
    workload.keys.reset();
    if (timetable.kind === "trace") this.replay(timetable.timesMs, 0, controls);
    for (let client = 0; client < clients.length; client++) {
      if (timetable.kind === "open") {
        const arrivals = timetable.arrivals(client, seed, workload.name);
        this.arrive(arrivals, client, 0, controls);
      }
      for (let place = 0; timetable.kind === "closed" && place < sessionsPerClient; place++) {
        this.think(client * sessionsPerClient + place, 0, timetable.startMs, controls);
      }
    }
  }

  wake(reason: unknown): void {
    (reason as Due)();
  }

  completed(operation: Operation, completion: Completion, controls: Controls): void {
    if (this.isInvoking) {
      this.early.push([operation, completion]);
      return;
    }
    const isOk = completion.outcome === "ok";
    if (isOk && operation.kind !== "read") this.workload.keys.wrote(operation.key);
    const request = this.pending.get(operation.id);
    if (request === undefined) return;
    this.pending.delete(operation.id);
    const delayMs = isOk ? this.planner.goOn(request, operation, completion) : null;
    if (delayMs === null) this.finish(request, controls);
    else controls.wakeAt(controls.nowMs + delayMs, () => this.ask(request, controls));
  }

  /** Open: the next request of a client. */
  private arrive(arrivals: Arrivals, client: number, turn: number, controls: Controls): void {
    // Not before now, to which rounding could make it.
    const timeMs = Math.max(arrivals(), controls.nowMs);
    if (timeMs >= this.workload.stopAtMs) return;
    controls.wakeAt(timeMs, () => {
      this.ask(this.planner.open(this.workload.clients[client]!.node, client, turn), controls);
      this.arrive(arrivals, client, turn + 1, controls);
    });
  }

  /** Open: the request of a trace. */
  private replay(timesMs: readonly number[], turn: number, controls: Controls): void {
    const timeMs = timesMs[turn];
    if (timeMs === undefined || timeMs >= this.workload.stopAtMs) return;
    controls.wakeAt(timeMs, () => {
      this.ask(this.planner.open(0, this.planner.clientOfTrace(turn), turn), controls);
      this.replay(timesMs, turn + 1, controls);
    });
  }

  /** Closed: a session thinks about its next request. */
  private think(
    session: number,
    turn: number,
    fromMs: number,
    controls: Controls,
    atLeastMs = 0,
  ): void {
    const timeMs = fromMs + Math.max(atLeastMs, this.planner.thinkMs(session, turn));
    if (timeMs >= this.workload.stopAtMs || timeMs === Infinity) return;
    controls.wakeAt(timeMs, () => this.ask(this.planner.closed(session, turn), controls));
  }

  /** Begins the operation that a request has come to. */
  private ask(request: Request, controls: Controls): void {
    const { kind, key, session, device, after, next } = request;
    const node = this.planner.siteOf(request);
    const { nowMs } = controls;
    if (nowMs >= this.workload.stopAtMs || !controls.isUp(node)) {
      this.finish(request, controls, downRetryMs);
      return;
    }
    this.isInvoking = true;
    const id = controls.invoke(
      node,
      after === null ? { kind, key, session, device } : { kind, key, session, device, after },
    );
    this.isInvoking = false;
    if (next !== "nothing" || request.isClosed) {
      request.askedMs = nowMs;
      this.pending.set(id, request);
      this.watch(controls);
    }
    if (this.early.length === 0) return;
    // In one of these the answer may be to this very operation.
    for (const [operation, completion] of this.early.splice(0)) {
      this.completed(operation, completion, controls);
    }
  }

  /** Nothing more follows from a request; the user of a closed session thinks again. */
  private finish(request: Request, controls: Controls, atLeastMs = 0): void {
    if (!request.isClosed) return;
    const { source, turn } = request;
    this.think(source, turn + 1, controls.nowMs, controls, atLeastMs);
  }

  /** Sees to it that whoever has waited too long gives up: one event at a time, for the oldest. */
  private watch(controls: Controls): void {
    const { giveUpAfterMs } = this.workload;
    if (this.isWatching || giveUpAfterMs === Infinity) return;
    for (const [id, request] of this.pending) {
      const dueMs = request.askedMs + giveUpAfterMs;
      if (dueMs > controls.nowMs) {
        this.isWatching = true;
        controls.wakeAt(dueMs, () => {
          this.isWatching = false;
          this.watch(controls);
        });
        return;
      }
      this.pending.delete(id);
      this.finish(request, controls);
    }
  }
}
