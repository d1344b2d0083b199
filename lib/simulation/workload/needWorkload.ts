import type { Distribution } from "../../core/distribution.ts";
import { needDurationMs } from "../../core/duration.ts";
import {
  needInteger,
  needList,
  needNumber,
  needOneOf,
  needRecord,
  refuse,
} from "../../core/need.ts";
import { type NodeId, type OperationKind, operationKinds } from "../../core/protocol.ts";
import { needFields } from "../needFields.ts";
import { needTime } from "../needTime.ts";
import { needNodeSet, type PlacedNode } from "../nodeSet.ts";
import { type Keys, needKeys } from "./keys.ts";
import { needTimetable, type Timetable } from "./timetable.ts";
import { deviceSites, type WorkloadSpec } from "./workloadSpec.ts";

/** A node at which operations begin. */
export interface Client {
  readonly node: NodeId;
  readonly share: number;
}

/** What follows an operation with some probability, checked. */
export interface FollowUp {
  readonly share: number;
  readonly delay: Distribution;
}

/** A workload, checked. */
export interface Workload {
  readonly name: string;
  /** In the order of the list of groups. */
  readonly clients: readonly Client[];
  readonly sessionsPerClient: number;
  readonly firstSession: number;
  readonly deviceCount: number;
  readonly isSpread: boolean;
  readonly timetable: Timetable;
  /** Weights of `operationKinds`, of which the sum is 1. */
  readonly mix: readonly number[];
  readonly keys: Keys;
  readonly readAfterWrite: (FollowUp & { readonly onNextDevice: boolean }) | null;
  readonly conversations: (FollowUp & { readonly readShare: number; distance: number }) | null;
  readonly stopAtMs: number;
  /** `Infinity`: never. */
  readonly giveUpAfterMs: number;
}

/**
 * Checks a workload for a world.
 *
 * @param where name of the function that errors name
 * @param value plain data, as from a JSON file
 * @param nodes of the world
 * @throws {RangeError} naming the field, what is accepted and what was given
 */
export function needWorkload(
  where: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): WorkloadSpec {
  readWorkload(where, value, nodes);
  return value as WorkloadSpec;
}

const workloadFields = [
  ...["name", "clients", "sessions", "arrivals", "mix", "keys", "readAfterWrite"],
  ...["conversations", "startAtMs", "stopAtMs", "giveUpAfterMs"],
];

/** As `needWorkload`, with what the plain data stand for. */
export function readWorkload(
  where: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): Workload {
  const given = needRecord(where, "value", value);
  needFields(where, "the workload", given, workloadFields);
  const { name = "workload", stopAtMs, giveUpAfterMs } = given;
  if (typeof name !== "string" || name === "") {
    refuse(where, "name", "a text that is not empty", name);
  }
  const clients = readClients(where, given.clients, nodes);
  const keys = needKeys(where, "keys", given.keys);
  const sessions = readSessions(where, given.sessions);
  const timetable = needTimetable(where, given, clients);
  return {
    ...{ name, clients, keys, ...sessions, timetable },
    mix: readMix(where, given.mix),
    readAfterWrite: readReadAfterWrite(where, given.readAfterWrite, sessions.deviceCount),
    conversations: readConversations(where, given.conversations, keys.count),
    stopAtMs: stopAtMs === undefined ? Infinity : needDurationMs(where, "stopAtMs", stopAtMs),
    giveUpAfterMs:
      giveUpAfterMs === undefined
        ? Infinity
        : needDurationMs(where, "giveUpAfterMs", giveUpAfterMs, { positive: true }),
  };
}

function readClients(
  where: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): readonly Client[] {
  const clients = needList(where, "clients", value).flatMap((group, i) => {
    const field = `clients[${i}]`;
    const given = needRecord(where, field, group);
    needFields(where, field, given, ["nodes", "share"]);
    const positive = { min: 0, exclusiveMin: true, exclusiveMax: true };
    const share = needNumber(where, `${field}.share`, given.share ?? 1, positive);
    return needNodeSet(where, `${field}.nodes`, given.nodes, nodes).map((node) => ({
      ...{ node, share, field },
    }));
  });
  clients.forEach(({ node, field }, i) => {
    const first = clients.findIndex((other) => other.node === node);
    if (first < i) refuse(where, `${field}.nodes`, "in no other group", nodes[node]!.name);
  });
  return clients;
}

function readSessions(
  where: string,
  value: unknown,
): Pick<Workload, "sessionsPerClient" | "firstSession" | "deviceCount" | "isSpread"> {
  const given = needRecord(where, "sessions", value);
  needFields(where, "sessions", given, ["perClient", "devices", "deviceSites", "firstNumber"]);
  const count = (name: string, absent: number | undefined, min: number) =>
    needInteger(where, `sessions.${name}`, given[name] ?? absent, { min, max: 2 ** 31 });
  const site = needOneOf(where, "sessions.deviceSites", given.deviceSites ?? "home", deviceSites);
  return {
    sessionsPerClient: count("perClient", undefined, 1),
    firstSession: count("firstNumber", 0, 0),
    deviceCount: count("devices", 1, 1),
    isSpread: site === "spread",
  };
}

function readMix(where: string, value: unknown): readonly number[] {
  const given = needRecord(where, "mix", value);
  needFields(where, "mix", given, operationKinds);
  const weights = operationKinds.map((kind: OperationKind) =>
    needNumber(where, `mix.${kind}`, given[kind] ?? 0, { min: 0, exclusiveMax: true }),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) refuse(where, "mix", "weights of which one is positive", value);
  return weights.map((weight) => weight / total);
}

function readReadAfterWrite(
  where: string,
  value: unknown,
  deviceCount: number,
): Workload["readAfterWrite"] {
  if (value === undefined) return null;
  const given = needRecord(where, "readAfterWrite", value);
  needFields(where, "readAfterWrite", given, ["share", "delayMs", "device"]);
  const device = needOneOf(where, "readAfterWrite.device", given.device, ["same", "next"]);
  if (device === "next" && deviceCount === 1) {
    refuse(where, "readAfterWrite.device", '"same", since sessions have one device', device);
  }
  return {
    share: needShare(where, "readAfterWrite.share", given.share),
    delay: needTime(where, "readAfterWrite.delayMs", given.delayMs),
    onNextDevice: device === "next",
  };
}

function readConversations(
  where: string,
  value: unknown,
  keyCount: number,
): Workload["conversations"] {
  if (value === undefined) return null;
  const field = "conversations";
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["writeShare", "readShare", "distance", "delayMs"]);
  const range = { min: 1, max: keyCount - 1 };
  return {
    share: needShare(where, `${field}.writeShare`, given.writeShare),
    readShare: needShare(where, `${field}.readShare`, given.readShare),
    distance: needInteger(where, `${field}.distance`, given.distance, range),
    delay: needTime(where, `${field}.delayMs`, given.delayMs),
  };
}

function needShare(where: string, field: string, value: unknown): number {
  return needNumber(where, field, value, { min: 0, max: 1 });
}
