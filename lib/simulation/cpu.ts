import { Fifo } from "./fifo.ts";

/** What a CPU needs of its surroundings. */
export interface CpuHost {
  readonly nowMs: number;
  /** Arranges that `finish` is called at a time; returns what `cancelTimer` takes. */
  planServed(atMs: number): number;
  cancelTimer(ticket: number): void;
}

interface Job<Task> {
  readonly task: Task;
  /** What it costs at normal speed, in ms; of the first one, what is left of that. */
  leftMs: number;
}

/**
 * The CPU of a node: does one task after the other, in the order in which they came. It can be stopped,
 * and slowed down; what was done until then remains done.
 */
export class Cpu<Task> {
  private readonly host: CpuHost;
  private readonly jobs: Fifo<Job<Task>> = new Fifo();
  private isRunning = true;
  private factor = 1;
  /** Since when the first job is at work, as far as `leftMs` knows. */
  private sinceMs = 0;
  private ticket = 0;
  private pastBusyMs = 0;

  constructor(host: CpuHost) {
    this.host = host;
  }

  /** Time spent on tasks so far, in ms. */
  get busyMs(): number {
    return this.pastBusyMs + (this.ticket === 0 ? 0 : this.host.nowMs - this.sinceMs);
  }

  get isIdle(): boolean {
    return this.jobs.length === 0;
  }

  /** @param costMs at normal speed */
  add(task: Task, costMs: number): void {
    this.jobs.push({ task, leftMs: costMs });
    if (this.jobs.length === 1 && this.isRunning) this.begin();
  }

  /** The first task is done: returns it and begins the next one. */
  finish(): Task {
    this.pastBusyMs += this.host.nowMs - this.sinceMs;
    this.ticket = 0;
    const { task } = this.jobs.shift();
    if (!this.isIdle) this.begin();
    return task;
  }

  /** The first task stands still, after what has been done of it. */
  stop(): void {
    this.isRunning = false;
    this.interrupt();
  }

  /** Goes on after a stop. */
  go(): void {
    this.isRunning = true;
    if (!this.isIdle) this.begin();
  }

  /** From now on everything takes this many times as long; 1 is normal. */
  slow(factor: number): void {
    this.interrupt();
    this.factor = factor;
    if (this.isRunning && !this.isIdle) this.begin();
  }

  /** Forgets all tasks and returns them; goes on at normal speed. */
  clear(): Task[] {
    this.interrupt();
    this.isRunning = true;
    this.factor = 1;
    return this.jobs.clear().map(({ task }) => task);
  }

  /** A new run: nothing has been done yet, and nothing is planned. */
  reset(): void {
    this.ticket = 0;
    this.clear();
    this.pastBusyMs = 0;
  }

  private begin(): void {
    this.sinceMs = this.host.nowMs;
    this.ticket = this.host.planServed(this.sinceMs + this.jobs.first().leftMs * this.factor);
  }

  private interrupt(): void {
    if (this.ticket === 0) return;
    this.host.cancelTimer(this.ticket);
    this.ticket = 0;
    const doneMs = this.host.nowMs - this.sinceMs;
    this.pastBusyMs += doneMs;
    const job = this.jobs.first();
    job.leftMs = Math.max(0, job.leftMs - doneMs / this.factor);
  }
}
