// The public face of quorumlab: named exports under short headings, nothing else.

// Core: intervals
export type { Estimate, EstimateMethod } from "./core/estimate.ts";
export { estimateMethods } from "./core/estimate.ts";
