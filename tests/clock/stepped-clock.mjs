/**
 * Preload (`--import`) that sets a program's wall clock, in all its threads, to an offset from the machine's. `CLOCK_MS` is
 * the first offset; each message of the parent process is a new one. Monotonic clocks are unchanged.
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
  // The channel must not keep a finished program alive.
  process.channel?.unref();
}
