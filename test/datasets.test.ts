import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Distribution } from "../lib/core/distribution.ts";
import { empiricalFromPercentiles } from "../lib/core/distributions/empiricalFromPercentiles.ts";
import { parseCsv } from "../lib/notebook/datasetCsv.ts";
import { datasets, datasetTable } from "../lib/notebook/datasetRegistry.ts";
import { loadRoundTrips, roundTripDatasets } from "../lib/notebook/datasetRoundTrips.ts";
import { loadLatencySamples, loadPercentiles } from "../lib/notebook/datasetSamples.ts";
import {
  loadExactStaleness,
  loadExactTable4,
  loadProductionFits,
  loadPublishedTable4,
} from "../lib/notebook/datasetTables.ts";
import { readCsv } from "../lib/notebook/readCsv.ts";
import { productionLatencies, productionLatencyNames } from "../lib/quorum/productionLatencies.ts";
import type { WarsLatency, WarsLegs } from "../lib/quorum/wars.ts";
import { placedReplicas } from "../lib/quorum/warsLatency.ts";

/** No latency at all: the way between the regions is all there is. */
const zero: Distribution = {
  spec: { kind: "constant", valueMs: 0 },
  mean: 0,
  support: [0, 0],
  breakpoints: [],
  cdf: (x) => (x >= 0 ? 1 : 0),
  survival: (x) => (x >= 0 ? 0 : 1),
  quantile: () => 0,
  upperQuantile: () => 0,
  sample: (random) => 0 * random.nextUniform(),
  toJSON: () => ({ kind: "constant", valueMs: 0 }),
  toString: () => "constant(0 ms)",
};

const folder = resolve(import.meta.dirname, "../datasets");
const scratch = mkdtempSync(join(tmpdir(), "quorumlab-datasets-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
function fileWith(text: string | Uint8Array): string {
  files += 1;
  const file = join(scratch, `${files}.csv`);
  writeFileSync(file, text);
  return file;
}

/** Message of the one error, a RangeError, without the scratch folder. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    const message = (error as RangeError).message.replaceAll(/\S*\/\d+\.csv/g, "FILE");
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("nothing was refused");
}

describe("registry, README and files", () => {
  test("every file is registered and every registered file is there", () => {
    const present = readdirSync(folder).filter((name) => name !== "README.md");
    expect(present.sort()).toEqual(datasets.map((entry) => entry.file).sort());
  });

  test("the README carries the table generated from the registry", () => {
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(`\n${datasetTable()}\n`);
  });

  test.each(datasets)(
    "$file has its rows, and every column with a unit is in the registry",
    (entry) => {
      const [header, ...rows] = parseCsv(readFileSync(join(folder, entry.file), "utf8"));
      expect(rows).toHaveLength(entry.rows);
      for (const column of header!.fields.filter((name) => /Ms$|PerMs$/.test(name))) {
        expect(entry.units).toContain(column);
      }
      expect(entry.source).not.toBe("");
      expect(entry.licence).not.toBe("");
    },
  );
});

describe("figures as published", () => {
  test("the fits of every message add up to probability 1", () => {
    const rows = loadProductionFits();
    const messages = new Set(rows.map((row) => `${row.latency} ${row.message}`));
    expect(messages.size).toBe(16);
    for (const message of messages) {
      const parts = rows.filter((row) => `${row.latency} ${row.message}` === message);
      expect(parts.map((row) => row.family)).toEqual(["pareto", "exponential"]);
      expect(parts.reduce((sum, row) => sum + row.weight, 0)).toBeCloseTo(1, 12);
    }
  });

  test("only YMMR's write message departs from the printed shape", () => {
    const departing = loadProductionFits().filter((row) => row.alpha !== row.alphaPrinted);
    expect(departing.map((row) => [row.latency, row.message, row.alpha, row.alphaPrinted])).toEqual(
      [["ymmr", "W", 3.5, 3.35]],
    );
  });

  // Bailis et al., PVLDB 5(8), 2012, table 4: six settings of four fits, two digits or more.
  test("table 4: spot figures of each fit", () => {
    const rows = loadPublishedTable4();
    const cell = (latency: string, r: number, w: number): (number | undefined)[] => {
      const row = rows.find((x) => x.latency === latency && x.r === r && x.w === w)!;
      return [row.readMs, row.writeMs, row.visibilityMs];
    };
    expect(cell("lnkd-ssd", 1, 1)).toEqual([0.66, 0.66, 1.85]);
    expect(cell("lnkd-disk", 2, 1)).toEqual([1.63, 10.9, 13.6]);
    expect(cell("ymmr", 1, 3)).toEqual([5.63, 1870.86, 0]);
    expect(cell("wan", 1, 1)).toEqual([3.4, 55.12, 113]);
  });

  test("the printed t-visibilities are 2-13 % below the exact ones", () => {
    const published = loadPublishedTable4();
    const ratios = loadExactTable4().map((exact) => {
      const row = published.find(
        (x) => x.latency === exact.latency && x.r === exact.r && x.w === exact.w,
      )!;
      return row.visibilityMs / exact.visibilityMs;
    });
    expect(ratios).toHaveLength(10);
    for (const ratio of ratios) expect(ratio).toBeGreaterThan(0.87);
    for (const ratio of ratios) expect(ratio).toBeLessThan(0.98);
  });

  test("staleness falls with time on the curve of lnkd-disk", () => {
    const curve = loadExactStaleness().filter((x) => x.latency === "lnkd-disk" && x.r * x.w === 1);
    expect(curve.map((row) => row.atMs)).toEqual([0, 1, 5, 10, 30.2, 75]);
    for (const [index, row] of curve.slice(1).entries()) {
      expect(row.probability).toBeLessThan(curve[index]!.probability);
    }
  });
});

describe("the fits in the code", () => {
  const legs = ["w", "a", "r", "s"] as const;
  type Fit = "alpha" | "alphaPrinted";

  /** P(latency > x) of one message, from the rows of the file alone. */
  function survivalByFile(latency: string, message: string, fit: Fit, x: number): number {
    const parts = loadProductionFits().filter(
      (row) => row.latency === latency && row.message === message,
    );
    const tails = parts.map((part) =>
      part.family === "pareto"
        ? Math.min(1, (part.minMs! / x) ** part[fit]!)
        : Math.exp(-part.ratePerMs! * x),
    );
    return tails.reduce((sum, tail, index) => sum + parts[index]!.weight * tail, 0);
  }

  test.each([
    ["lnkd-ssd", "lnkd-ssd", "alphaPrinted"],
    ["lnkd-disk", "lnkd-disk", "alphaPrinted"],
    ["ymmr", "ymmr", "alpha"],
    ["ymmr-printed", "ymmr", "alphaPrinted"],
    ["wan", "wan", "alphaPrinted"],
  ] as const)("%s has the figures of the file", (name, inFile, fit) => {
    const latency = productionLatencies[name];
    if (!("legs" in latency)) throw new Error("a fit is the same at every replica");
    for (const leg of legs) {
      for (const x of [0.1, 0.24, 1, 1.2, 3.1, 10, 100, 1000]) {
        const expected = survivalByFile(inFile, leg.toUpperCase(), fit, x);
        expect(latency.legs[leg].survival(x) / expected).toBeCloseTo(1, 9);
      }
    }
    const remote = "remoteOneWayMs" in latency ? latency.remoteOneWayMs : 0;
    const rows = loadProductionFits().filter((row) => row.latency === inFile);
    expect(new Set(rows.map((row) => row.remoteOneWayMs))).toEqual(new Set([remote]));
  });

  test("every fit in the code is in the file", () => {
    const inFile = new Set(loadProductionFits().map((row) => row.latency));
    const names = productionLatencyNames.map((name) => name.replace("-printed", ""));
    expect(new Set(names)).toEqual(inFile);
  });
});

describe("round trips", () => {
  test("both clouds are complete, and directions stay apart", () => {
    const gcp = loadRoundTrips("gcp-2019");
    expect(gcp.regions).toHaveLength(20);
    expect(loadRoundTrips("aws-2020").regions).toHaveLength(19);
    expect(gcp.roundTrip("europe-north1", "europe-west6").avgMs).toBe(38.478);
    expect(gcp.roundTrip("europe-west6", "europe-north1").avgMs).toBe(38.623);
    expect(gcp.roundTrip("asia-east1", "asia-east1")).toEqual({
      ...{ from: "asia-east1", to: "asia-east1" },
      ...{ minMs: 0.134, avgMs: 0.338, maxMs: 4.643, mdevMs: 0.152 },
    });
  });

  test("a choice of regions keeps their order", () => {
    const { name, regions, roundTripMs, roundTrip } = loadRoundTrips("gcp-2019").choose([
      "europe-west6",
      "europe-north1",
    ]);
    expect(name).toBe("gcp-2019");
    expect(regions).toEqual(["europe-west6", "europe-north1"]);
    expect(roundTripMs[0]![1]).toBe(38.623);
    expect(roundTripMs[1]![0]).toBe(38.478);
    expect(roundTrip(regions[1]!, regions[0]!).avgMs).toBe(38.478);
  });

  test("three regions place the replicas of a model", () => {
    const legs: WarsLegs = { w: zero, a: zero, r: zero, s: zero };
    const latency = placedReplicas({
      roundTrips: loadRoundTrips("aws-2020"),
      replicas: ["eu-west-1", "us-east-1", "ap-northeast-1"],
      legs,
      writers: { "eu-west-1": 1 },
      readers: { "us-east-1": 1 },
    });
    const { oneWayMs } = latency as Extract<WarsLatency, { kind: "placed" }>;
    const { roundTrip } = loadRoundTrips("aws-2020");
    expect(oneWayMs[0]![1]).toBe(roundTrip("eu-west-1", "us-east-1").avgMs / 2);
    expect(oneWayMs[1]![2]).toBe(roundTrip("us-east-1", "ap-northeast-1").avgMs / 2);
  });

  // What datasets/README.md says of the figures.
  test("claims of the README: asymmetry and detours", () => {
    const found = roundTripDatasets.map((name) => {
      const { regions, roundTrip } = loadRoundTrips(name);
      const roundTripMs = (from: string, to: string) => roundTrip(from, to).avgMs;
      let [asymmetryMs, triples, detours, worst] = [0, 0, 0, 1];
      for (const a of regions) {
        for (const b of regions) {
          asymmetryMs = Math.max(asymmetryMs, Math.abs(roundTripMs(a, b) - roundTripMs(b, a)));
          for (const c of regions) {
            if (a === b || b === c || a === c) continue;
            const factor = roundTripMs(a, b) / (roundTripMs(a, c) + roundTripMs(c, b));
            triples += 1;
            if (factor > 1) detours += 1;
            worst = Math.max(worst, factor);
          }
        }
      }
      return { asymmetryMs, share: (100 * detours) / triples, worst };
    });
    expect(found.map((cloud) => cloud.share.toFixed(1))).toEqual(["2.3", "5.0"]);
    expect(Math.max(...found.map((cloud) => cloud.asymmetryMs))).toBeCloseTo(0.145, 9);
    expect(Math.max(...found.map((cloud) => cloud.worst)).toFixed(2)).toBe("1.27");
  });

  test("own matrices are read in the same form, and refused when a pair is missing or doubled", () => {
    const header = "from,to,minMs,avgMs,maxMs,mdevMs";
    const rows = ["a,a,1,1,1,0", "a,b,1,2,3,0", "b,a,1,2.5,3,0", "b,b,1,1,1,0"];
    const load = (lines: string[]) => () =>
      loadRoundTrips(fileWith(`${header}\n${lines.join("\n")}\n`));
    expect(load(rows)().roundTripMs).toEqual([
      [1, 2],
      [2.5, 1],
    ]);
    expect(refusal(load(rows.slice(0, 3)))).toMatch(/complete: a row for every pair.*b -> b/);
    expect(refusal(load(rows.slice(0, 2)))).toMatch(/complete: rows from every region.*none b/);
    expect(refusal(load([...rows, rows[1]!]))).toMatch(/second row for a pair, got "a -> b"/);
    expect(refusal(load([...rows.slice(0, 3), "b,b,3,2,4,0"]))).toMatch(/min <= avg <= max/);
  });

  test("unknown datasets and regions are named with what there is", () => {
    expect(refusal(() => loadRoundTrips("azure"))).toBe(
      'loadRoundTrips: need dataset to be one of "gcp-2019", "aws-2020", or the path of a .csv file, got "azure"',
    );
    expect(refusal(() => loadRoundTrips("toString"))).toMatch("need dataset");
    const aws = loadRoundTrips("aws-2020");
    expect(refusal(() => aws.choose(["us-east-1", "mars"]))).toMatch(/one of af-south-1, .*"mars"/);
  });
});

describe("readCsv", () => {
  const schema = {
    region: "text",
    latencyMs: { kind: "number", min: 0 },
    trials: "integer",
    noteMs: "optional-number",
  } as const;
  const header = "region,latencyMs,trials,noteMs";
  const read = (text: string) => () => readCsv(fileWith(text), schema);

  test("types the columns, in any order, with quotes, CRLF and a byte order mark", () => {
    const rows = read(
      `\ufefftrials,"latencyMs",region,noteMs\r\n7,1.5,"a, ""b""\nc",\r\n8,2e-3,d,.5`,
    )();
    expect(rows).toEqual([
      { region: 'a, "b"\nc', latencyMs: 1.5, trials: 7, noteMs: undefined },
      { region: "d", latencyMs: 0.002, trials: 8, noteMs: 0.5 },
    ]);
    const first: number | undefined = rows[0]!.noteMs;
    expect(first).toBeUndefined();
  });

  test.each([
    [
      "a missing column",
      "region,latencyMs,noteMs\n",
      'line 1, column 4 to be the missing column trials, got "the end of the line"',
    ],
    [
      "an extra column",
      `${header},city\n`,
      'line 1, column 5 to be one of the columns region, latencyMs, trials, noteMs, got "city"',
    ],
    [
      "a doubled column",
      `${header},trials\n`,
      'line 1, column 5 to be a column not seen before, got "trials"',
    ],
    [
      "a wrong unit",
      "region,latencyUs,trials,noteMs\n",
      'line 1, column 2 to be "latencyMs" in ms, got "latencyUs"',
    ],
    [
      "another wrong unit",
      "region,latency_s,trials,noteMs\n",
      'line 1, column 2 to be "latencyMs" in ms, got "latency_s"',
    ],
    [
      "no unit",
      "region,latency,trials,noteMs\n",
      'line 1, column 2 to be "latencyMs" in ms, got "latency"',
    ],
    [
      "a bad number",
      `${header}\na,1,1,\nb,x,1,\n`,
      'line 3, column 2 (latencyMs) to be a number in [0, Infinity], got "x"',
    ],
    [
      "a number with a unit",
      `${header}\na,5 ms,1,\n`,
      `line 2, column 2 (latencyMs) to be a number in [0, Infinity] (the unit stands in the column's name), got "5 ms"`,
    ],
    [
      "a number out of range",
      `${header}\na,-1,1,\n`,
      'line 2, column 2 (latencyMs) to be a number in [0, Infinity], got "-1"',
    ],
    [
      "an infinite number",
      `${header}\na,1e999,1,\n`,
      'column 2 (latencyMs) to be a number in [0, Infinity], got "1e999"',
    ],
    ["a number in hexadecimal", `${header}\na,0x10,1,\n`, 'got "0x10"'],
    ["a decimal comma", `${header}\na,"1,5",1,\n`, 'got "1,5"'],
    [
      "not a number by name",
      `${header}\na,1,1,NaN\n`,
      'column 4 (noteMs) to be a number, got "NaN"',
    ],
    [
      "an empty number",
      `${header}\na,,1,\n`,
      'line 2, column 2 (latencyMs) to be a number in [0, Infinity], got ""',
    ],
    [
      "a broken integer",
      `${header}\na,1,1.5,\n`,
      'line 2, column 3 (trials) to be an integer, got "1.5"',
    ],
    ["an empty text", `${header}\n,1,1,\n`, 'line 2, column 1 (region) to be a text, got ""'],
    [
      "a short row",
      `${header}\n"a\nb",1,1,\nc,1,1\n`,
      'line 4, column 4 to be one of 4 fields, got "3 fields"',
    ],
    [
      "a long row",
      `${header}\na,1,1,,9\n`,
      'line 2, column 5 to be one of 4 fields, got "5 fields"',
    ],
    [
      "an empty line",
      `${header}\na,1,1,\n\nb,1,1,\n`,
      'line 3, column 2 to be one of 4 fields, got "an empty line"',
    ],
    [
      "an open quote",
      `${header}\na,1,1,\n"b,1,1,\n`,
      "line 3, column 1 to be with a closing quote",
    ],
    [
      "a quote inside",
      `${header}\na"b,1,1,\n`,
      "line 2, column 1 to be without a quote inside an unquoted field",
    ],
    [
      "text behind a quote",
      `${header}\na,"1"2,1,\n`,
      "line 2, column 2 to be without text behind the closing quote",
    ],
    ["no rows", `${header}\n`, 'line 2 to be a row below the header, got "nothing"'],
    [
      "an empty file",
      "",
      'line 1 to be a header with the names of the columns, got "an empty file"',
    ],
  ])("refuses %s", (_, text, message) => {
    expect(refusal(read(text))).toMatch(/^readCsv: need FILE line \d/);
    expect(refusal(read(text))).toContain(message);
  });

  test("refuses texts that are not on the list, files that are not there, bytes that are no UTF-8", () => {
    const sizes = { size: { kind: "text", oneOf: ["small", "large"] } } as const;
    expect(refusal(() => readCsv(fileWith("size\nhuge\n"), sizes))).toMatch(
      'line 2, column 1 (size) to be one of small, large, got "huge"',
    );
    expect(refusal(() => readCsv("no-such.csv", sizes))).toMatch(
      /readable file \(ENOENT at \/.*no-such.csv\)/,
    );
    expect(refusal(() => readCsv(fileWith(new Uint8Array([0xff, 0xfe, 0])), sizes))).toMatch(
      "UTF-8",
    );
  });

  test("any table written by RFC 4180 is read back", () => {
    const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const field = fc.string({ unit: fc.constantFrom(...'a,"\n\r 1') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, end) => {
        const text = rows.map((row) => row.map(quote).join(",")).join(end) + end;
        expect(parseCsv(text).map((record) => record.fields)).toEqual(rows);
      }),
    );
  });
});

describe("latencies of users", () => {
  test("samples come in ms whatever the unit of the file", () => {
    const file = fileWith("time,latencyUs\n1,7\n2,1500\n");
    expect(loadLatencySamples(file, { column: "latencyUs", unit: "us" })).toEqual([0.007, 1.5]);
    const hours = fileWith("value\n2\n");
    expect(loadLatencySamples(hours, { column: "value", unit: "h" })).toEqual([7_200_000]);
    expect(loadLatencySamples(hours, { column: "value", unit: "s" })).toEqual([2000]);
  });

  test("a wrong unit, column, number or length is refused with its place", () => {
    const file = fileWith("time,latencyUs\n1,7\n2,-1\n");
    const load = (column: string, unit: "us" | "ms") => () =>
      loadLatencySamples(file, { column, unit });
    expect(refusal(load("latencyUs", "ms"))).toBe(
      'loadLatencySamples: need unit to be "us" as in column latencyUs, got "ms"',
    );
    expect(refusal(load("latency", "us"))).toMatch(/one of time, latencyUs \(line 1 of FILE\)/);
    expect(refusal(load("latencyUs", "us"))).toMatch(
      /FILE line 3, column 2 \(latencyUs\).*>= 0, got "-1"/,
    );
    expect(refusal(load("time", "parsec" as "us"))).toMatch('one of "ns", "us"');
    const ragged = fileWith("a,b\n1\n");
    expect(refusal(() => loadLatencySamples(ragged, { column: "a", unit: "ms" }))).toMatch(
      "line 2, column 2",
    );
    const twice = fileWith("a,a\n1,2\n");
    expect(refusal(() => loadLatencySamples(twice, { column: "a", unit: "ms" }))).toMatch(
      "line 1, column 2",
    );
  });

  test("percentile tables must rise in both columns", () => {
    const columns = { column: "latencyMs", unit: "ms", percentileColumn: "percentile" } as const;
    const load = (text: string) =>
      loadPercentiles(fileWith(`percentile,latencyMs\n${text}`), columns);
    const table = load("0,0\n50,3.75\n99.9,32.89\n100,2979.85\n");
    expect(table.map((line) => [line.percent, line.valueMs])).toEqual([
      [0, 0],
      [50, 3.75],
      [99.9, 32.89],
      [100, 2979.85],
    ]);
    expect(empiricalFromPercentiles({ percentiles: table }).quantile(0.5)).toBe(3.75);
    expect(refusal(() => load("50,3\n40,4\n"))).toMatch(
      /line 3, column 1 \(percentile\).*in \[50, 100\]/,
    );
    expect(refusal(() => load("50,3\n60,2\n"))).toMatch(/line 3, column 2 \(latencyMs\).*>= 3/);
    expect(refusal(() => load("50,3\n101,4\n"))).toMatch(/line 3, column 1/);
  });
});
