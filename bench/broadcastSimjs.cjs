// Peer of the simulator in JavaScript: simjs. Its bundle writes to `window` and exports nothing on Node.
//
//     broadcastSimjs.cjs PATH_OF_SIMJS WRITES
//
// A client writes to a leader, which sends to four followers and answers after two acknowledgements.
// Prints CPU seconds and the mean latency of a write.
globalThis.window = {};
require(process.argv[2]);
const { Sim, Entity, Random } = globalThis.window.Sim;

function measure(writes, seed) {
  const random = new Random(seed);
  const invoked = [];
  let sum = 0;
  let nodes = [];
  const latency = () => random.exponential(1);

  class Client extends Entity {
    start() {
      this.setTimer(0).done(this.ask, this);
    }
    ask() {
      this.send({ kind: "write", id: invoked.length }, latency(), nodes[1]);
      invoked.push(this.time());
      if (invoked.length < writes) this.setTimer(random.exponential(10)).done(this.ask, this);
    }
    onMessage(_sender, { id }) {
      sum += this.time() - invoked[id];
    }
  }
  class Leader extends Entity {
    start() {
      this.acknowledgements = new Map();
    }
    onMessage(_sender, { kind, id }) {
      if (kind === "write") {
        this.acknowledgements.set(id, 0);
        for (let i = 2; i <= 5; i++) this.send({ kind: "append", id }, latency(), nodes[i]);
        return;
      }
      const count = this.acknowledgements.get(id) + 1;
      if (count === 2) this.send({ kind: "written", id }, latency(), nodes[0]);
      if (count === 4) this.acknowledgements.delete(id);
      else this.acknowledgements.set(id, count);
    }
  }
  class Follower extends Entity {
    start() {}
    onMessage(sender, { id }) {
      this.send({ kind: "appended", id }, latency(), sender);
    }
  }
  const sim = new Sim("broadcast");
  nodes = [Client, Leader, Follower, Follower, Follower, Follower].map((role) =>
    sim.addEntity(role),
  );
  sim.simulate(Number.MAX_VALUE, Number.MAX_VALUE);
  return sum / writes;
}

const writes = Number(process.argv[3]);
measure(Math.ceil(writes / 4), 1);
const start = process.threadCpuUsage();
const check = measure(writes, 2);
const { user, system } = process.threadCpuUsage(start);
console.log(JSON.stringify({ seconds: (user + system) / 1e6, check }));
