import type { NodeId } from "../../lib/core/protocol.ts";
import { type RandomStream, randomStream } from "../../lib/core/random.ts";
import type { Actor, Controls } from "../../lib/simulation/world.ts";

/** What strikes, and how often. */
export interface ChaosSetting {
  readonly nodes: readonly NodeId[];
  /** Mean time between strikes, ms. */
  readonly everyMs: number;
  /** When everything is healed and comes back, ms. */
  readonly untilMs: number;
}

/**
 * Crashes, restarts, pauses and cuts nodes at random, at most a minority down at a time; then heals
 * all. How often each happened is counted, so that a test can claim that it did.
 */
export function chaos({ nodes, everyMs, untilMs }: ChaosSetting): {
  readonly actor: Actor;
  readonly counts: Record<string, number>;
} {
  const counts: Record<string, number> = { crash: 0, restart: 0, pause: 0, cut: 0 };
  let random: RandomStream;
  let paused: Set<NodeId>;
  let cuts: [NodeId, NodeId][];
  const any = (list: readonly NodeId[]) => list[Math.floor(random.nextUniform() * list.length)]!;
  const strike = (controls: Controls) => {
    const node = any(nodes);
    const kind = random.nextUniform();
    const down = nodes.filter((each) => !controls.isUp(each));
    if (kind < 0.3 && 2 * (down.length + 1) < nodes.length + 1 && controls.isUp(node)) {
      controls.crash(node);
      paused.delete(node);
      counts.crash!++;
    } else if (kind < 0.6 && down.length > 0) {
      controls.restart(any(down));
      counts.restart!++;
    } else if (kind < 0.75) {
      if (paused.has(node)) {
        controls.resume(node);
        paused.delete(node);
      } else if (controls.isUp(node) && paused.size === 0) {
        controls.pause(node);
        paused.add(node);
        counts.pause!++;
      }
    } else if (kind < 0.9 && cuts.length < nodes.length) {
      const other = any(nodes);
      if (other === node) return;
      controls.cut(node, other);
      cuts.push([node, other]);
      counts.cut!++;
    } else {
      for (const [from, to] of cuts.splice(0)) controls.heal(from, to);
    }
  };
  const actor: Actor = {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "chaos" });
      paused = new Set();
      cuts = [];
      controls.wakeAt(everyMs, "strike");
      controls.wakeAt(untilMs, "heal");
    },
    wake(reason, controls) {
      if (reason === "heal") {
        for (const [from, to] of cuts.splice(0)) controls.heal(from, to);
        for (const node of paused) controls.resume(node);
        for (const node of nodes) controls.restart(node);
        return;
      }
      if (controls.nowMs >= untilMs) return;
      strike(controls);
      controls.wakeAt(controls.nowMs + 2 * everyMs * random.nextUniform(), "strike");
    },
  };
  return { actor, counts };
}
