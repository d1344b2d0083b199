"""Peer of the agenda in Python: SimPy's timeouts with callbacks, its fastest style.

    agenda.py hold PENDING OPERATIONS

Prints CPU seconds of the operations alone, and the time reached.
"""

import json
import math
import sys
import time

import simpy


class Random:
    def __init__(self):
        self.a, self.b, self.c, self.counter = 1, 2, 3, 1

    def next(self):
        mask = 0xFFFFFFFF
        result = (self.a + self.b + self.counter) & mask
        self.counter += 1
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & mask
        self.c = ((((self.c << 21) & mask) | (self.c >> 11)) + result) & mask
        return result

    def uniform(self):
        high = self.next() >> 6
        return (high * 67108864.0 + (self.next() >> 6) + 0.5) * 2.0**-52


pending, operations = int(sys.argv[2]), int(sys.argv[3])
random = Random()
for _ in range(12):
    random.next()
delays = [-math.log(random.uniform()) for _ in range(65536)]
env = simpy.Environment()
drawn = 0


def fire(_event):
    global drawn
    timeout = env.timeout(delays[drawn & 65535])
    drawn += 1
    timeout.callbacks.append(fire)


for _ in range(pending):
    fire(None)
start = time.process_time()
for _ in range(operations):
    env.step()
print(json.dumps({"seconds": time.process_time() - start, "check": env.now}))
