/** Throws if one of our own invariants broke. Never caught. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`quorumlab: invariant broken: ${message}`);
}

/** Marks a branch that the type checker has shown to be unreachable. */
export function assertNever(value: never): never {
  throw new Error(`quorumlab: unexpected case ${JSON.stringify(value)}`);
}
