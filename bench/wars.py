"""Peers of the counting kernel in Python: LNKD-DISK, n replicas, R = W = 1.

    wars.py numpy N TRIALS     vectorised, in batches of 20,000 trials
    wars.py loop N TRIALS      the loop that one writes first

Prints CPU seconds of the counting and the share of stale reads at t = 0. Counts at six times, but
without histograms of latencies: less work than the kernel does.
"""

import json
import math
import sys
import time

TIMES = [0, 1, 5, 10, 30.2, 75]
DISK = (0.38, 1.05, 1.51, 0.183)
SSD = (0.9122, 0.235, 10.0, 1.66)


def with_numpy(n, trials):
    import numpy as np

    rng = np.random.Generator(np.random.SFC64(1))

    def draw(shape, p, minimum, alpha, rate):
        u = rng.random(shape)
        body = minimum * np.power(u / p, -1 / alpha, where=u < p, out=np.ones(shape))
        tail = -np.log((1 - u) / (1 - p), where=u >= p, out=np.zeros(shape)) / rate
        return np.where(u < p, body, tail)

    stale = np.zeros(len(TIMES), dtype=np.int64)
    batch = 20_000
    for first in range(0, trials, batch):
        shape = (n, min(batch, trials - first))
        w, a = draw(shape, *DISK), draw(shape, *SSD)
        r, s = draw(shape, *SSD), draw(shape, *SSD)
        commit = (w + a).min(axis=0)
        fastest = (r + s).argmin(axis=0)
        lead = np.take_along_axis(w - r, fastest[None, :], axis=0)[0]
        fresh_after = lead - commit
        stale += [np.count_nonzero(fresh_after > t) for t in TIMES]
    return stale[0] / trials


def with_loop(n, trials):
    from random import random, seed

    seed(1)

    def draw(p, minimum, alpha, rate):
        u = random()
        if u < p:
            return minimum * (u / p) ** (-1 / alpha) if u > 0 else minimum
        return -math.log((1 - u) / (1 - p)) / rate

    stale = [0] * len(TIMES)
    for _ in range(trials):
        commit, reply, lead = math.inf, math.inf, 0.0
        for _ in range(n):
            w, a = draw(*DISK), draw(*SSD)
            r, s = draw(*SSD), draw(*SSD)
            commit = min(commit, w + a)
            if r + s < reply:
                reply, lead = r + s, w - r
        for i, t in enumerate(TIMES):
            stale[i] += lead - commit > t
    return stale[0] / trials


def main():
    count = {"numpy": with_numpy, "loop": with_loop}[sys.argv[1]]
    n, trials = int(sys.argv[2]), int(sys.argv[3])
    count(n, min(trials, 20_000))
    start = time.thread_time()
    share = count(n, trials)
    print(json.dumps({"seconds": time.thread_time() - start, "staleAtOnce": float(share)}))


main()
