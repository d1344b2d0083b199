/** Scenarios that use many of the fields, as somebody would write them: for tests and the documentation. */
export const exampleScenarios: Readonly<Record<string, object>> = {
  default: {},
  patroniAcrossZones: {
    name: "patroni-three-zones",
    description: "A lease in a store of three nodes; the leader's zone is cut off for a minute.",
    protocol: {
      replicas: [
        { region: "a", serviceMs: { write: "0.05 ms" } },
        { region: "b" },
        { region: "c" },
      ],
      controllers: ["a", "b", "c"],
      options: {
        acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: null },
        failover: { kind: "lease", ttlMs: "30 s", storeNodes: 3 },
        retention: { entries: 1000 },
        fencing: { tokens: false, minFollowers: { count: 1, withinMs: "10 s" } },
      },
    },
    clients: [{ region: "a", share: 3 }, { region: "b" }],
    clientOptions: {
      reads: { kind: "nearest" },
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: "3 s" } },
    },
    network: {
      latency: {
        kind: "roundTrips",
        regions: ["a", "b", "c"],
        roundTripMs: [
          [0.2, 1, 1.2],
          [1, 0.2, "1.4 ms"],
          [1.2, 1.4, 0.2],
        ],
        jitter: { kind: "factor", distribution: { kind: "logNormal", medianMs: 1, sigma: 0.2 } },
      },
      loss: { kind: "independent", probability: 0.001 },
      transport: { kind: "stream", giveUpMs: null },
      links: [{ from: "a", to: 1, latency: { kind: "exponential", meanMs: "2 ms" } }],
    },
    faults: [
      {
        name: "zone a is cut off",
        what: {
          kind: "cut",
          links: { kind: "isolate", nodes: [{ kind: "region", region: "a" }] },
          lastsMs: "1 min",
        },
        when: { kind: "at", atMs: "20 s" },
      },
      {
        disabled: true,
        what: { kind: "crash", target: { kind: "leader" }, lastsMs: "forever" },
        when: { kind: "observed", observation: "acknowledged", occurrence: 100 },
      },
      {
        what: {
          kind: "slow",
          factor: 10,
          target: { kind: "random", of: { kind: "role", role: "replica" }, count: 2 },
          lastsMs: { kind: "published", name: "chubby" },
        },
        when: { kind: "random", gapMs: { kind: "exponential", meanMs: "10 s" }, fromMs: 100 },
      },
    ],
    disk: { syncMs: { kind: "constant", valueMs: "2 ms" }, bytesPerMs: null, torn: true },
    clocks: {
      offsetMs: 5,
      nodes: [{ node: 0, offsetMs: "-1 s" }],
      resync: { everyMs: "1 min", boundMs: 1 },
    },
    workload: {
      sessions: { perClient: 3, devices: 2, deviceSites: "spread" },
      arrivals: {
        kind: "poisson",
        rate: { perS: 50 },
        daily: { periodMs: "1 min", amplitude: 0.5, peakAtMs: 0 },
      },
      keys: { kind: "zipf" },
      readAfterWrite: { share: 0.5, delayMs: "50 ms", device: "next" },
      giveUpAfterMs: "5 s",
    },
    durationMs: "2 min",
    warmUpMs: "5 s",
    settleMs: "1 min",
  },
  electionWithSplitBrain: {
    name: "election",
    protocol: {
      partitions: 2,
      replicas: [{}, {}, {}, {}, {}],
      options: {
        acknowledgement: { kind: "majority" },
        failover: { kind: "election", timeout: { minMs: 150, maxMs: 300 }, preVote: false },
        shipping: { heartbeatMs: 75, applyDelay: { minMs: 0, maxMs: 5 } },
        logFormat: { kind: "statement", nondeterministicShare: 0.02 },
      },
    },
    workload: {
      arrivals: { kind: "closed", thinkMs: { kind: "exponential", meanMs: "20 ms" } },
      mix: { read: 1, write: 1, insert: 0.1 },
      keys: { kind: "hotSpot", count: 100, shareOfKeys: 0.1, shareOfOperations: 0.9 },
    },
    network: {
      latency: {
        kind: "mixture",
        parts: [
          { weight: 0.9, distribution: { kind: "pareto", minMs: 0.2, alpha: 10 } },
          { weight: 0.1, distribution: { kind: "exponential", ratePerMs: 1.66 } },
        ],
      },
      bandwidth: { kind: "link", bytesPerMs: 125 },
    },
    faults: [
      {
        what: {
          kind: "clockJump",
          target: { kind: "followers", count: 1 },
          byMs: { minMs: "-1 s", maxMs: "2 s" },
        },
        when: { kind: "every", everyMs: "7 s", untilMs: "30 s" },
      },
      {
        what: {
          kind: "cut",
          links: {
            kind: "split",
            groups: [[{ kind: "leader" }], [{ kind: "node", node: "p0/replica-2" }]],
          },
          lastsMs: "forever",
          flapping: { periodMs: 100, cutShare: 0.5 },
        },
        when: { kind: "every", everyMs: "20 s" },
      },
      {
        what: { kind: "pause", target: { kind: "role", role: "replica" }, lastsMs: "2 s" },
        when: { kind: "bursts", gapMs: "1 h", sizeWeights: [1, 2], windowMs: "2 min" },
      },
    ],
  },
  scripted: {
    name: "scripted",
    clients: [{}, {}],
    script: [
      { atMs: 5, client: 1, kind: "write", key: 3, session: 2 },
      { atMs: "10 ms", kind: "read", key: 3, session: 2, device: 1, after: 0 },
    ],
    durationMs: "1 s",
  },
};
