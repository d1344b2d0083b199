// The agenda by itself, in a process of its own: agendaOwn.ts hold|ties|cancel PENDING OPERATIONS
import { RandomStream } from "../lib/core/random.ts";
import { Agenda } from "../lib/simulation/agenda.ts";
import { cpuSeconds } from "./rows.ts";

const [mode, pendingText, operationsText] = process.argv.slice(2);
const pending = Number(pendingText);
const operations = Number(operationsText);

const random = new RandomStream({ a: 1, b: 2, c: 3, counter: 1 });
for (let i = 0; i < 12; i++) random.nextUint32();
const delays = Float64Array.from({ length: 65536 }, () => {
  const uniform = random.nextUniform();
  return mode === "ties" ? 1 + Math.floor(3 * uniform) : -Math.log(uniform);
});

function measure(count: number): { seconds: number; check: number } {
  const agenda = new Agenda();
  let drawn = 0;
  for (let i = 0; i < pending; i++) agenda.push(delays[drawn++ & 65535]!);
  let check = 0;
  const hold = (): void => {
    for (let i = 0; i < count; i++) {
      check = agenda.nextMs();
      agenda.pop();
      agenda.push(check + delays[drawn++ & 65535]!);
    }
  };
  // Each event sets a timeout and cancels the one that the event before in its chain has set.
  const timeouts = new Float64Array(4 * pending + 64);
  const cancel = (): void => {
    for (let i = 0; i < count; i++) {
      check = agenda.nextMs();
      const slot = agenda.pop();
      const old = timeouts[slot]!;
      const next = agenda.push(check + delays[drawn++ & 65535]!);
      if (old !== 0) agenda.remove(old);
      timeouts[next] = agenda.ticket(agenda.push(check + 50));
    }
  };
  const seconds = cpuSeconds(mode === "cancel" ? cancel : hold);
  return { seconds, check };
}

measure(Math.min(operations, 1_000_000));
console.log(JSON.stringify(measure(operations)));
