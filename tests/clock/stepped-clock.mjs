/**
 * Loaded before a program, by `--import`: its wall clock then stands beside the machine's by what its parent sends, in all
 * of its threads, from one message to the next. `CLOCK_MS` is where it begins. Clocks that only go forward stay as they are.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

const SHARED = 'test-clock';
const shared = isMainThread ? new SharedArrayBuffer(8) : getEnvironmentData(SHARED);
const beside = new BigInt64Array(shared);
const realNow = Date.now;
const now = () => realNow() + Number(Atomics.load(beside, 0));

Date.now = now;
globalThis.Date = new Proxy(Date, {
  construct: (date, given, target) => Reflect.construct(date, given.length === 0 ? [now()] : given, target),
  apply: (date) => new date(now()).toString(),
});

if (isMainThread) {
  setEnvironmentData(SHARED, shared);
  Atomics.store(beside, 0, BigInt(process.env.CLOCK_MS ?? 0));
  process.on('message', (ms) => {
    Atomics.store(beside, 0, BigInt(ms));
    process.send(ms);
  });
  // A program that has ended its work must not wait for more messages.
  process.channel?.unref();
}
