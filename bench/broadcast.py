"""Peer of the simulator in Python: SimPy as its documentation shows it, a process a node with a Store.

    broadcast.py WRITES

A client writes to a leader, which sends to four followers and answers after two acknowledgements.
Prints CPU seconds and the mean latency of a write.
"""

import json
import random
import sys
import time

import simpy

CLIENT, LEADER, FOLLOWERS = 0, 1, [2, 3, 4, 5]


class Network:
    def __init__(self, env):
        self.env = env
        self.inboxes = [simpy.Store(env) for _ in range(6)]

    def send(self, sender, to, kind, number):
        self.env.process(self.carry(sender, to, kind, number))

    def carry(self, sender, to, kind, number):
        yield self.env.timeout(random.expovariate(1))
        yield self.inboxes[to].put((kind, sender, number))


def leader(network):
    acknowledgements = {}
    while True:
        kind, _, number = yield network.inboxes[LEADER].get()
        if kind == "write":
            acknowledgements[number] = 0
            for follower in FOLLOWERS:
                network.send(LEADER, follower, "append", number)
            continue
        acknowledgements[number] += 1
        if acknowledgements[number] == 2:
            network.send(LEADER, CLIENT, "written", number)
        if acknowledgements[number] == 4:
            del acknowledgements[number]


def follower(network, me):
    while True:
        _, sender, number = yield network.inboxes[me].get()
        network.send(me, sender, "appended", number)


def ask(env, network, writes, invoked):
    for number in range(writes):
        invoked.append(env.now)
        network.send(CLIENT, LEADER, "write", number)
        yield env.timeout(random.expovariate(10))


def answers(env, network, invoked, latencies):
    while True:
        _, _, number = yield network.inboxes[CLIENT].get()
        latencies.append(env.now - invoked[number])


writes = int(sys.argv[1])
random.seed(1)
env = simpy.Environment()
network = Network(env)
invoked, latencies = [], []
env.process(leader(network))
for me in FOLLOWERS:
    env.process(follower(network, me))
env.process(ask(env, network, writes, invoked))
env.process(answers(env, network, invoked, latencies))
start = time.process_time()
env.run()
seconds = time.process_time() - start
print(json.dumps({"seconds": seconds, "check": sum(latencies) / len(latencies)}))
