import type { Distribution } from "../core/distribution.ts";
import { needInteger, needList, needNumber, needOneOf, needRecord, refuse } from "../core/need.ts";
import { needFields } from "./needFields.ts";
import { needTime } from "./needTime.ts";
import { linkScopes, type NetworkSpec } from "./networkSpec.ts";

/**
 * A network from its plain data, checked.
 *
 * @param where the function that was given the data, named by errors
 * @throws {RangeError} naming the field that is unknown, missing or out of range
 */
export function needNetwork(where: string, value: unknown): NetworkSpec {
  const fields = ["loss", "duplicateProbability", "transport", "bandwidth", "links"];
  const spec = needFields(where, "network", value, ["latency", ...fields]);
  needLatency(where, "latency", spec.latency);
  if (spec.loss !== undefined) needLoss(where, "loss", spec.loss);
  needShare(where, "duplicateProbability", spec.duplicateProbability ?? 0);
  if (spec.transport !== undefined) needTransport(where, spec.transport);
  if (spec.bandwidth !== undefined) needBandwidth(where, spec.bandwidth);
  if (spec.links !== undefined) {
    for (const [i, link] of needList(where, "links", spec.links).entries()) {
      needLink(where, `links[${i}]`, link);
    }
  }
  needTogether(where, value as NetworkSpec);
  return value as NetworkSpec;
}

/** A distribution that is never negative. @throws {RangeError} naming the field */
export function needDelay(where: string, field: string, value: unknown): Distribution {
  needRecord(where, field, value);
  return needTime(where, field, value);
}

function needLatency(where: string, field: string, value: unknown): void {
  const { kind } = needRecord(where, field, value);
  if (kind === "roundTrips") needRegions(where, field, value, "roundTripMs");
  else if (kind === "oneWays") needRegions(where, field, value, "oneWayMs");
  else needDelay(where, field, value);
}

function needRegions(where: string, field: string, value: unknown, matrix: string): void {
  const fields = ["kind", "regions", matrix, "jitter", "withinRegion"];
  const spec = needFields(where, field, value, fields);
  const regions = needList(where, `${field}.regions`, spec.regions);
  if (new Set(regions).size < regions.length || regions.some((name) => typeof name !== "string")) {
    refuse(where, `${field}.regions`, "names that differ", regions);
  }
  const rows = needLength(where, `${field}.${matrix}`, spec[matrix], regions.length);
  for (const [i, row] of rows.entries()) {
    const at = `${field}.${matrix}[${i}]`;
    for (const [j, ms] of needLength(where, at, row, regions.length).entries()) {
      needNumber(where, `${at}[${j}]`, ms, { min: 0, exclusiveMax: true, unit: "ms" });
    }
  }
  if (spec.withinRegion !== undefined) needDelay(where, `${field}.withinRegion`, spec.withinRegion);
  if (spec.jitter === undefined) return;
  const jitter = needFields(where, `${field}.jitter`, spec.jitter, ["kind", "distribution"]);
  needOneOf(where, `${field}.jitter.kind`, jitter.kind, ["factor", "added"]);
  needDelay(where, `${field}.jitter.distribution`, jitter.distribution);
}

function needLoss(where: string, field: string, value: unknown): void {
  const { kind } = needRecord(where, field, value);
  if (needOneOf(where, `${field}.kind`, kind, ["independent", "bursts"]) === "independent") {
    const spec = needFields(where, field, value, ["kind", "probability"]);
    needShare(where, `${field}.probability`, spec.probability);
    return;
  }
  const shares = ["enterProbability", "leaveProbability", "lossWhenGood", "lossWhenBad"];
  const spec = needFields(where, field, value, ["kind", ...shares]);
  for (const name of shares) {
    const options = { min: 0, max: 1, exclusiveMin: name === "leaveProbability" };
    needNumber(where, `${field}.${name}`, spec[name], options);
  }
}

function needTransport(where: string, value: unknown): void {
  const { kind } = needRecord(where, "transport", value);
  if (needOneOf(where, "transport.kind", kind, ["datagram", "stream"]) === "datagram") {
    needFields(where, "transport", value, ["kind"]);
    return;
  }
  const times = ["retransmitMs", "retransmitMsMax", "giveUpMs"];
  const spec = needFields(where, "transport", value, ["kind", ...times]);
  const positive = { min: 0, exclusiveMin: true, unit: "ms" };
  const finite = { ...positive, exclusiveMax: true };
  const first = needNumber(where, "transport.retransmitMs", spec.retransmitMs, finite);
  const largest = { ...finite, min: first, exclusiveMin: false };
  needNumber(where, "transport.retransmitMsMax", spec.retransmitMsMax, largest);
  needNumber(where, "transport.giveUpMs", spec.giveUpMs, positive);
}

function needBandwidth(where: string, value: unknown): void {
  const spec = needFields(where, "bandwidth", value, ["kind", "bytesPerMs"]);
  needOneOf(where, "bandwidth.kind", spec.kind, ["link", "sender"]);
  needSpeed(where, "bandwidth.bytesPerMs", spec.bytesPerMs);
}

/** How each field of a link is checked, if it is there. */
const linkChecks: Record<string, (where: string, field: string, value: unknown) => unknown> = {
  from: needEnd,
  to: needEnd,
  scope: (where, field, value) => needOneOf(where, field, value, linkScopes),
  latency: needDelay,
  loss: needLoss,
  duplicateProbability: needShare,
  bytesPerMs: needSpeed,
};

function needLink(where: string, field: string, value: unknown): void {
  const spec = needFields(where, field, value, Object.keys(linkChecks));
  for (const [name, check] of Object.entries(linkChecks)) {
    if (spec[name] !== undefined) check(where, `${field}.${name}`, spec[name]);
  }
}

function needEnd(where: string, field: string, value: unknown): void {
  if (typeof value === "string") return;
  if (typeof value === "number") needInteger(where, field, value, { min: 0 });
  else refuse(where, field, "the index of a node or the name of a region", value);
}

/** Parts that exclude each other. */
function needTogether(where: string, spec: NetworkSpec): void {
  const links = spec.links ?? [];
  const copies = [spec, ...links].some(({ duplicateProbability = 0 }) => duplicateProbability > 0);
  if (copies && spec.transport?.kind === "stream") {
    refuse(where, "transport.kind", '"datagram" where messages are duplicated', "stream");
  }
  const speeds = links.some(({ bytesPerMs }) => bytesPerMs !== undefined);
  if (speeds && spec.bandwidth?.kind !== "link") {
    const got = spec.bandwidth?.kind ?? "none";
    refuse(where, "bandwidth.kind", '"link" where links have speeds of their own', got);
  }
}

function needShare(where: string, field: string, value: unknown): void {
  needNumber(where, field, value, { min: 0, max: 1 });
}

function needSpeed(where: string, field: string, value: unknown): void {
  const range = { min: 0, exclusiveMin: true, exclusiveMax: true, unit: "bytes/ms" };
  needNumber(where, field, value, range);
}

function needLength(
  where: string,
  field: string,
  value: unknown,
  length: number,
): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  return refuse(where, field, `a list of ${length}, one a region`, value);
}
