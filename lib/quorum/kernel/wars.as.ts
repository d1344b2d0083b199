// The counting kernel, in AssemblyScript: compiled to WebAssembly by scripts/buildKernel.ts.
//
// All memory is laid out by kernelMemory.ts, which writes the fields below before a run. A run draws
// and counts blocks of 128 trials. Two neighbouring trials make a pair, the two lanes of a vector of
// doubles. No operation depends on the machine: the same fields give the same bytes anywhere.

// Number of trials in a block, of bytes in one column of a block.
const BLOCK: usize = 128;
const COLUMN: usize = 1024;

// Addresses of the fields, in bytes; each is a 32-bit integer. Same list in kernelMemory.ts.
// @ts-ignore
@inline function field(index: i32): i32 { return load<i32>(<usize>index << 2); }
const N: i32 = 0, SITES: i32 = 1, READ_RANK: i32 = 2, WRITE_RANK: i32 = 3;
const LANES: i32 = 4, DEEP: i32 = 5, TABLES: i32 = 6, DELAYS: i32 = 7, SITE_LIMITS: i32 = 8;
const COLUMNS: i32 = 9, WRITE_KEYS: i32 = 10, READ_KEYS: i32 = 11, LEADS: i32 = 12, SCRATCH: i32 = 13;
const WRITE_NET: i32 = 14, WRITE_NET_END: i32 = 15, READ_NET: i32 = 16, READ_NET_END: i32 = 17;
const TIMES: i32 = 18, TIMES_SIZE: i32 = 19, TIME_COUNTS: i32 = 20, HISTOGRAMS: i32 = 21;
const PAIR_COUNTS: i32 = 22, TIMES_COUNT: i32 = 23;

// A histogram: exponents -20 to 39, 1024 bins each, one below and one above.
const BINS: i32 = 61440;
const BIN_FIRST: i64 = (1023 - 20) << 10;
const HISTOGRAM_BYTES: usize = 245776;

// A table: 64 cells of 32 bytes an octave; the lower tail 4 MiB after the upper one.
const CELL_SHIFT: i32 = 9;
const CELL_MASK: i32 = 0x7fffe0;
const LOWER: usize = 0x400000;

/** Draws whole blocks and counts as many of their trials, for one or for all pairs of quorum sizes. */
export function run(trials: i32, allPairs: bool): void {
  for (let left = trials; left > 0; left -= <i32>BLOCK) {
    if (field(SITES) > 1) drawSites();
    drawReplicas();
    const counted = <usize>min<i32>(left, <i32>BLOCK);
    if (allPairs) countPairs(counted);
    else {
      selectPairs();
      countBlock(counted);
    }
  }
}

// ---- Draws ----------------------------------------------------------------------------------------

/** Four streams of sfc32 side by side. */
// @ts-ignore
@inline function nextWords(): v128 {
  const at = <usize>field(LANES);
  const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), counter = v128.load(at, 48);
  const result = i32x4.add(i32x4.add(a, b), counter);
  v128.store(at, v128.xor(b, i32x4.shr_u(b, 9)));
  v128.store(at, i32x4.add(c, i32x4.shl(c, 3)), 16);
  v128.store(at, i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), result), 32);
  v128.store(at, i32x4.add(counter, i32x4.splat(1)), 48);
  return result;
}

/** A column of 128 draws from a table. */
function fill(table: usize, column: usize): void {
  const at = <usize>field(LANES);
  let a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), counter = v128.load(at, 48);
  const half = f64x2.splat(0.5);
  const fraction = i64x2.splat(0x000fffffffffffff);
  const one = f64x2.splat(1);
  const mask = i32x4.splat(CELL_MASK);
  // Exponent -1 of the upper tail is the first octave.
  const base = i32x4.splat(<i32>table - (1022 << 11));
  for (let p = column, end = column + COLUMN; p < end; p += 32) {
    const word = i32x4.add(i32x4.add(a, b), counter);
    a = v128.xor(b, i32x4.shr_u(b, 9));
    b = i32x4.add(c, i32x4.shl(c, 3));
    c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), word);
    counter = i32x4.add(counter, i32x4.splat(1));

    const x01 = f64x2.add(f64x2.convert_low_i32x4_s(word), half);
    const x23 = f64x2.add(f64x2.convert_low_i32x4_s(v128.shuffle<i64>(word, word, 1, 1)), half);
    const high = v128.shuffle<i32>(x01, x23, 1, 3, 5, 7);
    const cells = i32x4.add(v128.and(i32x4.shr_u(high, CELL_SHIFT), mask), base);
    const p0 = <usize>i32x4.extract_lane(cells, 0), p1 = <usize>i32x4.extract_lane(cells, 1);
    const p2 = <usize>i32x4.extract_lane(cells, 2), p3 = <usize>i32x4.extract_lane(cells, 3);
    const t01 = v128.or(v128.and(x01, fraction), one);
    const t23 = v128.or(v128.and(x23, fraction), one);
    const low0 = v128.load(p0), low1 = v128.load(p1), low2 = v128.load(p2), low3 = v128.load(p3);
    const high0 = v128.load(p0, 16), high1 = v128.load(p1, 16), high2 = v128.load(p2, 16), high3 = v128.load(p3, 16);
    let y01 = f64x2.mul(v128.shuffle<f64>(high0, high1, 1, 3), t01);
    let y23 = f64x2.mul(v128.shuffle<f64>(high2, high3, 1, 3), t23);
    y01 = f64x2.mul(f64x2.add(y01, v128.shuffle<f64>(high0, high1, 0, 2)), t01);
    y23 = f64x2.mul(f64x2.add(y23, v128.shuffle<f64>(high2, high3, 0, 2)), t23);
    y01 = f64x2.mul(f64x2.add(y01, v128.shuffle<f64>(low0, low1, 1, 3)), t01);
    y23 = f64x2.mul(f64x2.add(y23, v128.shuffle<f64>(low2, low3, 1, 3)), t23);
    y01 = f64x2.add(y01, v128.shuffle<f64>(low0, low1, 0, 2));
    y23 = f64x2.add(y23, v128.shuffle<f64>(low2, low3, 0, 2));
    v128.store(p, y01);
    v128.store(p, y23, 16);
    if (v128.any_true(v128.or(f64x2.ne(y01, y01), f64x2.ne(y23, y23)))) {
      if (isNaN(load<f64>(p))) store<f64>(p, irregular(i32x4.extract_lane(word, 0), p0, table));
      if (isNaN(load<f64>(p, 8))) store<f64>(p, irregular(i32x4.extract_lane(word, 1), p1, table), 8);
      if (isNaN(load<f64>(p, 16))) store<f64>(p, irregular(i32x4.extract_lane(word, 2), p2, table), 16);
      if (isNaN(load<f64>(p, 24))) store<f64>(p, irregular(i32x4.extract_lane(word, 3), p3, table), 24);
    }
  }
  v128.store(at, a);
  v128.store(at, b, 16);
  v128.store(at, c, 32);
  v128.store(at, counter, 48);
}

/** One draw that lies in a cell of several pieces, or so far out that it takes 32 more bits. */
function irregular(word: i32, cell: usize, table: usize): f64 {
  let level = Math.abs(<f64>word + 0.5);
  // The first cell of the upper tail is never used for a value: it says where the pieces are.
  const pieces = <usize>load<f64>(table, 8);
  if (level < 32768) {
    level = level - 0.5 + (<f64>nextDeep() + 0.5) * 2.3283064365386963e-10;
    const octave = (<i32>(reinterpret<u64>(level) >> 52)) - (1023 - 33);
    cell = <usize>load<f64>(table, 16) + (<usize>((word < 0 ? 48 : 0) + octave) << 4) - 8;
  }
  const t = reinterpret<f64>((reinterpret<u64>(level) & 0x000fffffffffffff) | 0x3ff0000000000000);
  let low = <i32>load<f64>(cell, 8);
  let high = low + <i32>load<f64>(cell, 16);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<f64>(pieces + <usize>middle * 40) <= t) low = middle;
    else high = middle;
  }
  const piece = pieces + <usize>low * 40;
  return ((load<f64>(piece, 32) * t + load<f64>(piece, 24)) * t + load<f64>(piece, 16)) * t + load<f64>(piece, 8);
}

/** The stream of the further bits: sfc32. */
function nextDeep(): u32 {
  const at = <usize>field(DEEP);
  const a = load<u32>(at), b = load<u32>(at, 4), c = load<u32>(at, 8), counter = load<u32>(at, 12);
  const result = a + b + counter;
  store<u32>(at, b ^ (b >> 9));
  store<u32>(at, c + (c << 3), 4);
  store<u32>(at, ((c << 21) | (c >> 11)) + result, 8);
  store<u32>(at, counter + 1, 12);
  return result;
}

/** Columns 4 and 5: for each trial, where the delays from the writer's and the reader's site begin. */
function drawSites(): void {
  const columns = <usize>field(COLUMNS), limits = <usize>field(SITE_LIMITS);
  const sites = field(SITES), row = field(N) << 3, delays = field(DELAYS);
  for (let role: usize = 0; role < 2; role++) {
    const column = columns + (4 + role) * COLUMN;
    for (let trial: usize = 0; trial < BLOCK; trial += 4) v128.store(column + (trial << 2), nextWords());
    const limit = limits + role * <usize>(sites << 2);
    for (let trial: usize = 0; trial < BLOCK; trial++) {
      const word = load<u32>(column + (trial << 2));
      let site = 0;
      while (site < sites - 1 && word >= load<u32>(limit + (<usize>site << 2))) site++;
      store<i32>(column + (trial << 2), delays + site * row);
    }
  }
}

/** Keys of every replica: W + A orders acknowledgements, R + S responses; W - R is the write's lead. */
function drawReplicas(): void {
  const n = field(N), columns = <usize>field(COLUMNS), stride = <usize>n << 4;
  const several = field(SITES) > 1;
  for (let replica = 0; replica < n; replica++) {
    const tables = <usize>field(TABLES) + (<usize>replica << 4);
    for (let leg: usize = 0; leg < 4; leg++) fill(<usize>load<i32>(tables + (leg << 2)), columns + leg * COLUMN);
    if (several) addDelays(<usize>replica << 3);
    let p = columns;
    let at = <usize>replica << 4;
    const writeKeys = <usize>field(WRITE_KEYS), readKeys = <usize>field(READ_KEYS), leads = <usize>field(LEADS);
    for (const end = p + COLUMN; p < end; p += 16) {
      const w = v128.load(p), r = v128.load(p, 2048);
      v128.store(writeKeys + at, f64x2.add(w, v128.load(p, 1024)));
      v128.store(readKeys + at, f64x2.add(r, v128.load(p, 3072)));
      v128.store(leads + at, f64x2.sub(w, r));
      at += stride;
    }
  }
}

/** Adds to each leg the way between the replica and the site where its operation started. */
function addDelays(replica: usize): void {
  const columns = <usize>field(COLUMNS);
  for (let leg: usize = 0; leg < 4; leg++) {
    const column = columns + leg * COLUMN;
    const sites = columns + (4 + (leg >> 1)) * COLUMN;
    for (let trial: usize = 0; trial < BLOCK; trial++) {
      const delay = load<f64>(<usize>load<i32>(sites + (trial << 2)) + replica);
      store<f64>(column + (trial << 3), load<f64>(column + (trial << 3)) + delay);
    }
  }
}

// ---- One pair of quorum sizes -----------------------------------------------------------------------

/** Columns 0 to 2: T*, read latency, write latency of every trial. */
function selectPairs(): void {
  const stride = <usize>field(N) << 4, columns = <usize>field(COLUMNS);
  const onlyFirstReply = field(READ_RANK) == 1, onlyFirstAck = field(WRITE_RANK) == 1;
  let writeKeys = <usize>field(WRITE_KEYS), readKeys = <usize>field(READ_KEYS), leads = <usize>field(LEADS);
  for (let p = columns, end = columns + COLUMN; p < end; p += 16) {
    const commit = onlyFirstAck ? smallest(writeKeys, stride) : commitOf(writeKeys);
    const lead = onlyFirstReply ? firstLead(readKeys, leads, stride, p + 1024) : quorumLead(readKeys, leads, stride, p + 1024);
    v128.store(p, f64x2.sub(lead, commit));
    v128.store(p, commit, 2048);
    writeKeys += stride;
    readKeys += stride;
    leads += stride;
  }
}

/** The smallest key. */
// @ts-ignore
@inline function smallest(keys: usize, stride: usize): v128 {
  let least = v128.load(keys);
  for (let i: usize = 16; i < stride; i += 16) least = f64x2.pmin(least, v128.load(keys + i));
  return least;
}

/** The W-th smallest key. */
// @ts-ignore
@inline function commitOf(keys: usize): v128 {
  sortKeys(keys, <usize>field(WRITE_NET), <usize>field(WRITE_NET_END));
  return v128.load(keys + (<usize>(field(WRITE_RANK) - 1) << 4));
}

/** R = 1: lead of the fastest replica, of equal ones the first; stores when it replies. */
// @ts-ignore
@inline function firstLead(keys: usize, leads: usize, stride: usize, replyAt: usize): v128 {
  let reply = v128.load(keys), lead = v128.load(leads);
  for (let i: usize = 16; i < stride; i += 16) {
    const key = v128.load(keys + i);
    lead = v128.bitselect(v128.load(leads + i), lead, f64x2.lt(key, reply));
    reply = f64x2.pmin(reply, key);
  }
  v128.store(replyAt, reply);
  return lead;
}

/** Smallest lead among the R fastest replicas, of equal ones the first; stores when they have replied. */
// @ts-ignore
@inline function quorumLead(keys: usize, leads: usize, stride: usize, replyAt: usize): v128 {
  const scratch = <usize>field(SCRATCH), rank = field(READ_RANK);
  for (let i: usize = 0; i < stride; i += 16) v128.store(scratch + i, v128.load(keys + i));
  sortKeys(scratch, <usize>field(READ_NET), <usize>field(READ_NET_END));
  const reply = v128.load(scratch + (<usize>(rank - 1) << 4));
  v128.store(replyAt, reply);
  let earlier = i64x2.splat(0);
  for (let i: usize = 0; i < stride; i += 16) earlier = i64x2.add(earlier, f64x2.lt(v128.load(keys + i), reply));
  // Minus one for each earlier reply; places left for equal ones are their number plus this.
  let left = i64x2.add(i64x2.splat(<i64>rank), earlier);
  let lead = f64x2.splat(Infinity);
  for (let i: usize = 0; i < stride; i += 16) {
    const key = v128.load(keys + i);
    const equal = v128.and(f64x2.eq(key, reply), i64x2.gt_s(left, i64x2.splat(0)));
    left = i64x2.add(left, equal);
    const taken = v128.or(equal, f64x2.lt(key, reply));
    lead = f64x2.pmin(lead, v128.bitselect(v128.load(leads + i), lead, taken));
  }
  return lead;
}

/** Applies a comparator network, a list of pairs of offsets. */
// @ts-ignore
@inline function sortKeys(keys: usize, net: usize, end: usize): void {
  for (; net < end; net += 8) {
    const i = keys + <usize>load<i32>(net), j = keys + <usize>load<i32>(net, 4);
    const x = v128.load(i), y = v128.load(j);
    v128.store(i, f64x2.pmin(x, y));
    v128.store(j, f64x2.pmax(y, x));
  }
}

/** Counts the first trials of the block: T* against the times asked for, and three histograms. */
function countBlock(trials: usize): void {
  const columns = <usize>field(COLUMNS), histograms = <usize>field(HISTOGRAMS);
  const times = <usize>field(TIMES), size = field(TIMES_SIZE), counts = <usize>field(TIME_COUNTS);
  for (let p = columns, end = columns + (trials << 3); p < end; p += 8) {
    const freshAfter = load<f64>(p);
    let place = times;
    for (let step = <usize>size << 2; step >= 8; step >>= 1) {
      place += load<f64>(place + step - 8) < freshAfter ? step : 0;
    }
    increment(counts + ((place - times) >> 1));
    increment(histograms + (bin(freshAfter) << 2));
    increment(histograms + HISTOGRAM_BYTES + (bin(load<f64>(p, 1024)) << 2));
    increment(histograms + 2 * HISTOGRAM_BYTES + (bin(load<f64>(p, 2048)) << 2));
  }
}

// @ts-ignore
@inline function increment(at: usize): void { store<u32>(at, load<u32>(at) + 1); }

/** Number of the bin: exponent and first ten bits of the fraction, counted from 2^-20. */
// @ts-ignore
@inline function bin(x: f64): usize {
  // A negative double is a negative integer, so it falls to bin 0 by itself.
  const raw = <i32>((reinterpret<i64>(x) >> 42) - BIN_FIRST) + 1;
  return <usize>max<i32>(0, min<i32>(raw, BINS + 1));
}

// ---- All pairs of quorum sizes ----------------------------------------------------------------------

/** For every time and R, adds 1 at the number of W for which the read is stale. */
function countPairs(trials: usize): void {
  const n = field(N), stride = <usize>n << 4, scratch = <usize>field(SCRATCH);
  const writeNet = <usize>field(WRITE_NET), writeNetEnd = <usize>field(WRITE_NET_END);
  let writeKeys = <usize>field(WRITE_KEYS), readKeys = <usize>field(READ_KEYS), leads = <usize>field(LEADS);
  for (let trial: usize = 0; trial < trials; trial += 2) {
    sortKeys(writeKeys, writeNet, writeNetEnd);
    orderLeads(readKeys, leads, scratch, stride);
    countLane(writeKeys, scratch, n);
    if (trial + 1 < trials) countLane(writeKeys + 8, scratch + 8, n);
    writeKeys += stride;
    readKeys += stride;
    leads += stride;
  }
}

/** Leads in the order of the replies, each replaced by the smallest so far: entry R - 1 is for R. */
function orderLeads(keys: usize, leads: usize, ordered: usize, stride: usize): void {
  for (let j: usize = 0; j < stride; j += 16) {
    const key = v128.load(keys + j);
    let rank = i64x2.splat(0);
    for (let i: usize = 0; i < j; i += 16) rank = i64x2.sub(rank, f64x2.le(v128.load(keys + i), key));
    for (let i = j + 16; i < stride; i += 16) rank = i64x2.sub(rank, f64x2.lt(v128.load(keys + i), key));
    store<f64>(ordered + (<usize>i64x2.extract_lane(rank, 0) << 4), load<f64>(leads + j));
    store<f64>(ordered + (<usize>i64x2.extract_lane(rank, 1) << 4), load<f64>(leads + j, 8), 8);
  }
  let lead = v128.load(ordered);
  for (let i: usize = 16; i < stride; i += 16) {
    lead = f64x2.pmin(v128.load(ordered + i), lead);
    v128.store(ordered + i, lead);
  }
}

/** Commit times ascend with W and leads descend with R: the border of staleness is a staircase. */
function countLane(commits: usize, leads: usize, n: i32): void {
  const times = <usize>field(TIMES), timesCount = field(TIMES_COUNT);
  let counts = <usize>field(PAIR_COUNTS);
  for (let k = 0; k < timesCount; k++) {
    const time = load<f64>(times + (<usize>k << 3));
    let stale = n;
    for (let r = 0; r < n; r++) {
      const lead = load<f64>(leads + (<usize>r << 4));
      while (stale > 0 && !(lead - load<f64>(commits + (<usize>(stale - 1) << 4)) > time)) stale--;
      increment(counts + (<usize>stale << 2));
      counts += <usize>(n + 1) << 2;
    }
  }
}
