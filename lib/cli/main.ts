#!/usr/bin/env node
console.error("quorumlab: no commands yet");
process.exitCode = 2;
