import {
  type ClientOptions,
  defaultClientOptions,
  type ReadRouting,
} from "../protocols/single-leader/options.ts";
import { alternative, choice, record } from "./shapes/compoundShapes.ts";
import { duration, integer, oneOf, truth } from "./shapes/plainShapes.ts";
import { field, type Shape } from "./shapes/shape.ts";
import { delay } from "./shapes/timeShapes.ts";

const reads = choice<ReadRouting>({
  leader: alternative("Always the leader.", {}),
  any: alternative("A random replica each time.", {}),
  nearest: alternative("The replica with the smallest delay from the client.", {}),
  sticky: alternative("Always the same replica for a device, as long as it answers.", {}),
  "own-from-leader": alternative(
    "The user's own keys from the leader, others from any replica.",
    { keysPerSession: field(integer({ min: 1 }), "Keys that are a user's own.") },
    { keysPerSession: 1 },
  ),
  "leader-after-write": alternative(
    "For some time after a write of the session from the leader, else from any replica.",
    { forMs: field(duration(), "How long after a write.") },
    { forMs: 1000 },
  ),
  position: alternative(
    "The session remembers the newest position that it wrote or read; a replica behind waits.",
    {
      waitMs: field(duration(), "How long a replica that is behind waits before it refuses."),
      otherwise: field(oneOf(["leader", "another"]), "Where a refused read goes."),
      acrossDevices: field(truth, "Whether the devices of a session share what they remember."),
      dependencies: field(truth, "Whether positions of other partitions travel with values."),
    },
    { waitMs: 100, otherwise: "leader", acrossDevices: false, dependencies: false },
  ),
  "bounded-staleness": alternative(
    "Replicas that were up to date with the leader too long ago refuse.",
    { maxLagMs: field(duration(), "The oldest that is acceptable.") },
    { maxLagMs: 1000 },
  ),
});

const discovery = choice<ClientOptions["discovery"]>({
  redirect: alternative("By asking any replica.", {}),
  directory: alternative(
    "From a directory (DNS, proxy, virtual address).",
    { directoryDelay: field(delay, "From a new leader leading to the directory knowing, in ms.") },
    { directoryDelay: 1000 },
  ),
});

/** How clients behave. */
export const clientOptions: Shape<ClientOptions> = record(
  {
    reads: field(reads, "Which replica a read goes to."),
    timeoutMs: field(duration({ positive: true }), "An operation is given up after so long."),
    retryDelay: field(delay, "From a refusal or a timeout to asking again, in ms."),
    attempts: field(
      integer({ min: 0 }),
      "How often a client asks again for the same operation; 0: never.",
    ),
    discovery: field(discovery, "How clients find the leader."),
  },
  defaultClientOptions,
);
