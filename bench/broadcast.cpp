// Peer of the simulator in C++: std::priority_queue and virtual receive.
//
//     broadcast WRITES
//
// A client writes to a leader, which sends to four followers and answers after two acknowledgements.
// Latencies are exponential, by inversion. Prints CPU seconds and the mean latency of a write.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <queue>
#include <vector>

struct Random {
  uint32_t a, b, c, counter;
  explicit Random(uint32_t seed) : a(seed), b(2), c(3), counter(1) {
    for (int i = 0; i < 12; i++) next();
  }
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
  double exponential(double mean) { return -std::log(uniform()) * mean; }
};

enum Kind { arrival, write, append, appended, written };
struct Message {
  Kind kind;
  int32_t id;
  int32_t position;
};
struct Event {
  double time;
  uint64_t order;
  int32_t from, to;
  Message message;
};
struct Later {
  bool operator()(const Event& x, const Event& y) const {
    return x.time > y.time || (x.time == y.time && x.order > y.order);
  }
};

struct Simulator;
struct Node {
  Simulator& simulator;
  int32_t id;
  Node(Simulator& simulator, int32_t id) : simulator(simulator), id(id) {}
  virtual ~Node() = default;
  virtual void receive(const Message& message, int32_t from) = 0;
};

struct Simulator {
  double now = 0;
  uint64_t order = 0;
  Random random;
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::vector<std::unique_ptr<Node>> nodes;
  explicit Simulator(uint32_t seed) : random(seed) {}
  void at(double time, int32_t from, int32_t to, Message message) {
    queue.push({time, order++, from, to, message});
  }
  void send(int32_t from, int32_t to, Message message) {
    at(now + random.exponential(1), from, to, message);
  }
  void run() {
    while (!queue.empty()) {
      const Event event = queue.top();
      queue.pop();
      now = event.time;
      nodes[event.to]->receive(event.message, event.from);
    }
  }
};

struct Client : Node {
  std::vector<double> invoked;
  Random gaps;
  int left;
  double sum = 0;
  Client(Simulator& simulator, int writes, uint32_t seed)
      : Node(simulator, 0), gaps(seed + 1000), left(writes) {}
  void receive(const Message& message, int32_t) override {
    if (message.kind == written) {
      sum += simulator.now - invoked[message.id];
      return;
    }
    simulator.send(0, 1, {write, static_cast<int32_t>(invoked.size()), 0});
    invoked.push_back(simulator.now);
    if (--left > 0) simulator.at(simulator.now + gaps.exponential(0.1), 0, 0, {arrival, 0, 0});
  }
};
struct Entry {
  int32_t id;
  int32_t copies;
};
struct Leader : Node {
  // The end of the log, by position modulo its length.
  static constexpr int length = 4096;
  std::vector<Entry> log = std::vector<Entry>(length);
  int32_t position = 0;
  using Node::Node;
  void receive(const Message& message, int32_t) override {
    if (message.kind == write) {
      log[position % length] = {message.id, 0};
      for (int follower = 2; follower <= 5; follower++) {
        simulator.send(1, follower, {append, message.id, position});
      }
      position++;
      return;
    }
    Entry& entry = log[message.position % length];
    if (++entry.copies == 2) simulator.send(1, 0, {written, entry.id, 0});
  }
};
struct Follower : Node {
  using Node::Node;
  void receive(const Message& message, int32_t from) override {
    simulator.send(id, from, {appended, 0, message.position});
  }
};

static double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double measure(int writes, uint32_t seed) {
  Simulator simulator(seed);
  auto owned = std::make_unique<Client>(simulator, writes, seed);
  Client& client = *owned;
  simulator.nodes.push_back(std::move(owned));
  simulator.nodes.push_back(std::make_unique<Leader>(simulator, 1));
  for (int id = 2; id <= 5; id++) simulator.nodes.push_back(std::make_unique<Follower>(simulator, id));
  simulator.at(0, 0, 0, {arrival, 0, 0});
  simulator.run();
  return client.sum / writes;
}

int main(int, char** arguments) {
  const int writes = atoi(arguments[1]);
  measure(writes / 4, 1);
  const double start = cpuSeconds();
  const double check = measure(writes, 2);
  printf("{\"seconds\": %.9f, \"check\": %.17g}\n", cpuSeconds() - start, check);
}
