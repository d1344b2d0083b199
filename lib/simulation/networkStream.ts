import type { StreamSpec } from "./networkSpec.ts";

/** A message that a connection holds until it gets through. */
export interface HeldMessage {
  /** Whatever the sender gave. */
  readonly message: unknown;
  readonly sentMs: number;
  readonly sizeBytes: number;
  /** Latency, before any stretching, ms. */
  readonly delayMs: number;
  /** Time that losses of its own cost it, ms. */
  readonly lossMs: number;
}

/** The state of one directed link's connection. */
interface Connection {
  /** Nothing sent later arrives before this. */
  lastArrivalMs: number;
  /** Messages sent until then are lost with the connection. */
  brokenUntilMs: number;
  /** Messages held, in the order sent; none: the connection works. */
  held: HeldMessage[];
  /** When the first of them was sent, and the time of the next try. */
  stalledMs: number;
  tries: number;
  nextTryMs: number;
}

/** The connections of all directed links, made when first used. */
export class Connections {
  private readonly spec: StreamSpec;
  private readonly connections: (Connection | undefined)[];
  private readonly used: number[] = [];

  constructor(spec: StreamSpec, links: number) {
    this.spec = spec;
    this.connections = new Array<Connection | undefined>(links).fill(undefined);
  }

  /** New connections, for a new run. */
  reset(): void {
    for (const link of this.used) this.connections[link] = undefined;
    this.used.length = 0;
  }

  /** Whether messages on a link have to be held. */
  isStalled(link: number): boolean {
    const { held } = this.of(link);
    return held.length > 0;
  }

  /** Keeps a message; returns the time of the next try if it is news, else `Infinity`. */
  hold(link: number, message: HeldMessage): number {
    const connection = this.of(link);
    connection.held.push(message);
    if (connection.held.length > 1) return Infinity;
    connection.stalledMs = message.sentMs;
    connection.tries = 0;
    return this.planTry(connection);
  }

  /** Whether a link is to be tried at a time: not if its connection has broken meanwhile. */
  isTryDue(link: number, nowMs: number): boolean {
    const { held, nextTryMs } = this.of(link);
    return held.length > 0 && nextTryMs === nowMs;
  }

  /** A try in vain: the time of the next one, or `Infinity` if it was the last. */
  fail(link: number, nowMs: number): number {
    const connection = this.of(link);
    if (nowMs >= connection.stalledMs + this.spec.giveUpMs) return Infinity;
    return this.planTry(connection);
  }

  /** Whether the connection gives up at a time. */
  givesUp(link: number, nowMs: number): boolean {
    return nowMs >= this.of(link).stalledMs + this.spec.giveUpMs;
  }

  /** Hands over the messages held; the connection works again, or is a new one. */
  release(link: number): readonly HeldMessage[] {
    const connection = this.of(link);
    const { held } = connection;
    connection.held = [];
    return held;
  }

  /** Forgets what a link holds: a node at one end has crashed. */
  drop(link: number): void {
    const connection = this.connections[link];
    if (connection === undefined) return;
    connection.held = [];
    connection.brokenUntilMs = -1;
  }

  /**
   * Arrival of a message, in order.
   *
   * @param departMs time at which it leaves, after those before it
   * @param lossMs time that losses cost it; more than `giveUpMs`: the connection breaks
   * @returns `Infinity` if it is lost with the connection
   */
  arrivalMs(link: number, departMs: number, delayMs: number, lossMs: number): number {
    const connection = this.of(link);
    if (departMs <= connection.brokenUntilMs) return Infinity;
    if (lossMs > this.spec.giveUpMs) {
      connection.brokenUntilMs = departMs + this.spec.giveUpMs;
      return Infinity;
    }
    const arrivalMs = Math.max(connection.lastArrivalMs, departMs + lossMs + delayMs);
    connection.lastArrivalMs = arrivalMs;
    return arrivalMs;
  }

  /** Time between the first sending and the one after so many losses, ms. */
  lossMs(losses: number): number {
    return losses === 0 ? 0 : backoffMs(this.spec, losses);
  }

  private planTry(connection: Connection): number {
    connection.tries++;
    const { stalledMs, tries } = connection;
    const sinceMs = Math.min(this.spec.giveUpMs, backoffMs(this.spec, tries));
    connection.nextTryMs = stalledMs + sinceMs;
    return connection.nextTryMs;
  }

  private of(link: number): Connection {
    return this.connections[link] ?? this.open(link);
  }

  private open(link: number): Connection {
    const connection = {
      ...{ lastArrivalMs: 0, brokenUntilMs: -1, held: [] },
      ...{ stalledMs: 0, tries: 0, nextTryMs: 0 },
    };
    this.connections[link] = connection;
    this.used.push(link);
    return connection;
  }
}

/**
 * Time from the first sending of a message to the one after so many timeouts, each twice as long as
 * the one before up to the largest, ms.
 *
 * @param timeouts >= 0
 */
export function backoffMs({ retransmitMs, retransmitMsMax }: StreamSpec, timeouts: number): number {
  const doublings = Math.floor(Math.log2(retransmitMsMax / retransmitMs)) + 1;
  const growing = Math.min(timeouts, doublings);
  return retransmitMs * (2 ** growing - 1) + (timeouts - growing) * retransmitMsMax;
}
