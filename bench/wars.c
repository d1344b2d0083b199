/* Peers of the counting kernel in scalar C: LNKD-DISK, n replicas, R = W = 1.
 *
 *   wars inversion N TRIALS          draws by inversion of the parts of the mixtures (pow, log)
 *   wars table N TRIALS FILE         draws from the kernel's own tables, as wars.bench.ts wrote them
 *
 * Both count what the kernel counts: stale reads at six times, histograms of T*, read and write
 * latency. Prints CPU seconds of the counting and the share of stale reads at t = 0.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BINS = 61442, TIMES = 6, REPLICAS_MAX = 100 };
static const double times[TIMES] = {0, 1, 5, 10, 30.2, 75};
static uint64_t stale[TIMES];
static uint32_t histograms[3][BINS];

static uint32_t sa = 1, sb = 2, sc = 3, counter = 1;
static inline uint32_t next(void) {
  uint32_t t = sa + sb + counter++;
  sa = sb ^ (sb >> 9);
  sb = sc + (sc << 3);
  sc = ((sc << 21) | (sc >> 11)) + t;
  return t;
}

static inline uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static inline double from_bits(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

static inline int bin(double x) {
  int64_t raw = ((int64_t)bits_of(x) >> 42) - ((int64_t)(1023 - 20) << 10) + 1;
  return raw < 0 ? 0 : raw > BINS - 1 ? BINS - 1 : (int)raw;
}

/* One uniform a draw picks the part and then the place in it. */
static inline double mixture(double p, double minimum, double power, double scale) {
  double u = (next() + 0.5) * 0x1p-32;
  if (u < p) return minimum * pow(u / p, power);
  return -log((u - p) / (1 - p)) * scale;
}
static double draw_slow(void) { return mixture(0.38, 1.05, -1 / 1.51, 1 / 0.183); }
static double draw_fast(void) { return mixture(0.9122, 0.235, -1 / 10.0, 1 / 1.66); }

typedef struct { double *cells, *pieces, *deep; } Table;
static Table slow, fast;

static double irregular(const Table *table, int32_t word, const double *range) {
  double level = fabs(word + 0.5);
  if (level < 32768) {
    level = level - 0.5 + (next() + 0.5) * 0x1p-32;
    int octave = (int)(bits_of(level) >> 52) - (1023 - 33);
    range = table->deep + 2 * ((word < 0 ? 48 : 0) + octave);
  } else range++;
  double t = from_bits((bits_of(level) & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  int low = (int)range[0], high = low + (int)range[1];
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (table->pieces[5 * middle] <= t) low = middle; else high = middle;
  }
  const double *c = table->pieces + 5 * low + 1;
  return ((c[3] * t + c[2]) * t + c[1]) * t + c[0];
}

static inline double draw_table(const Table *table) {
  int32_t word = (int32_t)next();
  uint64_t b = bits_of(word + 0.5);
  double t = from_bits((b & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  /* 64 cells an octave; the lower tail, sign bit set, is the second half of the table. */
  uint64_t cell = ((b >> 46) & 0x1ffff) - (1022ull << 6) + (b >> 63) * (32 * 64);
  const double *c = table->cells + 4 * cell;
  double y = ((c[3] * t + c[2]) * t + c[1]) * t + c[0];
  return y == y ? y : irregular(table, word, c);
}

static inline void trial(int n, int from_table) {
  double commit = INFINITY, reply = INFINITY, lead = 0;
  for (int j = 0; j < n; j++) {
    double w = from_table ? draw_table(&slow) : draw_slow();
    double a = from_table ? draw_table(&fast) : draw_fast();
    double r = from_table ? draw_table(&fast) : draw_fast();
    double s = from_table ? draw_table(&fast) : draw_fast();
    if (w + a < commit) commit = w + a;
    if (r + s < reply) { reply = r + s; lead = w - r; }
  }
  double fresh_after = lead - commit;
  for (int i = 0; i < TIMES; i++) stale[i] += fresh_after > times[i];
  histograms[0][bin(fresh_after)]++;
  histograms[1][bin(reply)]++;
  histograms[2][bin(commit)]++;
}

static double *doubles(FILE *file) {
  uint64_t count;
  if (fread(&count, 8, 1, file) != 1) exit(1);
  double *values = malloc(count * 8);
  if (fread(values, 8, count, file) != count) exit(1);
  return values;
}

static void load(Table *table, FILE *file) {
  table->cells = doubles(file);
  table->pieces = doubles(file);
  table->deep = doubles(file);
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int from_table = strcmp(argv[1], "table") == 0;
  int n = atoi(argv[2]);
  long trials = atol(argv[3]);
  if (from_table) {
    FILE *file = fopen(argv[4], "rb");
    if (!file) return 1;
    load(&slow, file);
    load(&fast, file);
    fclose(file);
  }
  for (int i = 0; i < 20; i++) next();
  double start = cpu_seconds();
  if (from_table) for (long i = 0; i < trials; i++) trial(n, 1);
  else for (long i = 0; i < trials; i++) trial(n, 0);
  printf("{\"seconds\":%.9f,\"staleAtOnce\":%.9f}\n", cpu_seconds() - start, (double)stale[0] / trials);
  return 0;
}
