import type { Controls } from "../world.ts";
import type { Heal } from "./damage.ts";
import type { Flaps } from "./faultAction.ts";

/** What one strike broke at one place, until it is over. */
export class Episode {
  private isOver = false;
  private heal: Heal | null;
  private readonly apply: () => Heal;
  private readonly episodes: Set<Episode>;

  /** Breaks it, and lists itself among the episodes while it lasts. */
  constructor(apply: () => Heal, episodes: Set<Episode>) {
    this.apply = apply;
    this.episodes = episodes;
    episodes.add(this);
    this.heal = apply();
  }

  /** Heals it for good; when it is over already, nothing. */
  end(): void {
    this.isOver = true;
    this.episodes.delete(this);
    this.heal?.();
    this.heal = null;
  }

  /** Comes and goes from now on, in the first part of each period broken, in the rest whole. */
  flap(flaps: Flaps, startMs: number, period: number, controls: Controls): void {
    const beginMs = startMs + period * flaps.periodMs;
    controls.wakeAt(beginMs + flaps.cutMs, () => {
      if (this.isOver) return;
      this.heal?.();
      this.heal = null;
      // Shares beside 1 may be rounded to past the end of the period.
      const nextMs = Math.max(startMs + (period + 1) * flaps.periodMs, controls.nowMs);
      controls.wakeAt(nextMs, () => {
        if (this.isOver) return;
        this.heal = this.apply();
        this.flap(flaps, startMs, period + 1, controls);
      });
    });
  }
}
