// Peer of the agenda in C++: std::priority_queue.
//
//     agenda hold|ties|cancel PENDING OPERATIONS
//
// Prints CPU seconds of the operations alone, and the time reached, which shows that it does the same.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <queue>
#include <vector>

struct Random {
  uint32_t a = 1, b = 2, c = 3, counter = 1;
  uint32_t next() {
    uint32_t result = a + b + counter++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + result;
    return result;
  }
  double uniform() {
    double high = next() >> 6;
    return (high * 67108864.0 + (next() >> 6) + 0.5) * 0x1p-52;
  }
};

struct Event {
  double time;
  uint64_t order;
  int32_t slot;
  uint32_t generation;
};
struct Later {
  bool operator()(const Event& x, const Event& y) const {
    return x.time > y.time || (x.time == y.time && x.order > y.order);
  }
};
using Queue = std::priority_queue<Event, std::vector<Event>, Later>;

static double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int, char** arguments) {
  const bool ties = !strcmp(arguments[1], "ties"), cancel = !strcmp(arguments[1], "cancel");
  const int pending = atoi(arguments[2]);
  const long operations = atol(arguments[3]);
  Random random;
  for (int i = 0; i < 12; i++) random.next();
  std::vector<double> delays(65536);
  for (double& delay : delays) {
    const double uniform = random.uniform();
    delay = ties ? 1 + std::floor(3 * uniform) : -std::log(uniform);
  }
  Queue queue;
  uint64_t order = 0;
  long drawn = 0;
  for (int i = 0; i < pending; i++) queue.push({delays[drawn++ & 65535], order++, i, 0});
  // A timeout is cancelled by a new generation; the old event is thrown away when its time comes.
  std::vector<uint32_t> generations(pending, 0);
  const double start = cpuSeconds();
  double now = 0;
  for (long i = 0; i < operations; i++) {
    Event event = queue.top();
    queue.pop();
    while (cancel && event.slot >= pending) {
      event = queue.top();
      queue.pop();
    }
    now = event.time;
    queue.push({now + delays[drawn++ & 65535], order++, event.slot, 0});
    if (!cancel) continue;
    const uint32_t generation = ++generations[event.slot];
    queue.push({now + 50, order++, pending + event.slot, generation});
  }
  printf("{\"seconds\": %.9f, \"check\": %.17g}\n", cpuSeconds() - start, now);
}
