import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../../effects.ts';
import { type Store, StoreFault } from '../../store/store.ts';
import type { Applied, Receipt, ReceiptResult } from '../receipt.ts';
import { Drain, type DrainParts } from './drain.ts';
import type { Unverified } from './entry.ts';
import { type Alarm, SpoolAlarm } from './spool-alarm.ts';
import { StuckCampaigns } from './stuck-campaigns.ts';

export interface SpooledStoreParts extends Omit<DrainParts, 'now' | 'log' | 'stuck'> {
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info' | 'error'>;
  /** Told what was applied after its senders had been answered. */
  readonly onApplied: (applied: Applied) => void;
}

/** How the spool stands. Times are epoch milliseconds. */
export interface SpoolStatus {
  /** True while what comes in goes to the disk. It may be false while what is there is still being drained. */
  readonly isAway: boolean;
  /** What waits. */
  readonly records: number;
  readonly bytes: number;
  readonly capBytes: number;
  readonly oldestAt: number | null;
  readonly deadLetters: number;
  readonly alarm: Alarm | null;
}

/**
 * A workspace with more than this on the disk goes on there: large batches cost the store much less than what comes in
 * one by one, and it has enough to do.
 */
const FEW = 500;
/** A store that took so long is spared what comes in for a while, and is given what waits alone. */
const SPARED_MS = 2_000;
/** Longer than this nobody waits for the store: what they sent is safe on the disk. */
const ANSWER_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 250;
/** Looks between two at what somebody did to the folder, or to a disk that refused a write. */
const FOLDER_EVERY_LOOKS = 4;
/** Anybody can send what cannot be checked yet: room is left for what was. */
const UNVERIFIED_SHARE = 0.5;

/**
 * A store that is never away: what it does not take in time waits in the spool, and is handed over once it does.
 * Meanwhile workspaces of which nothing much waits go straight to the store again: nobody waits behind what another
 * has piled up. Order is lost by that, and does no harm: what receipts say is joined, in whatever order they come.
 */
export class SpooledStore implements Pick<Store, 'apply'> {
  readonly #parts: SpooledStoreParts;
  readonly #alarm: SpoolAlarm;
  readonly #stop = new AbortController();
  #isAway = false;
  /** By the clock that never goes back. */
  #sparedUntil = 0;
  /** Said once, however often the store comes and goes until everything is drained. */
  #isTold = false;
  #running: Promise<void> = Promise.resolve();

  readonly #stuck = new StuckCampaigns(() => performance.now());

  constructor(parts: SpooledStoreParts) {
    this.#parts = parts;
    this.#alarm = new SpoolAlarm(parts.spool, parts.log);
  }

  get isAway(): boolean {
    return this.#isAway || !this.#parts.isStoreThere();
  }

  get records(): number {
    return this.#parts.spool.records;
  }

  get bytes(): number {
    return this.#parts.spool.bytes;
  }

  get capBytes(): number {
    return this.#parts.spool.capBytes;
  }

  get oldestAt(): number | null {
    return this.#parts.spool.oldestAt;
  }

  get deadLetters(): number {
    return this.#parts.spool.deadLetters.count;
  }

  get alarm(): Alarm | null {
    return this.#alarm.look();
  }

  /** How the spool stands. */
  read(): SpoolStatus {
    const { isAway, records, bytes, capBytes, oldestAt, deadLetters, alarm } = this;
    return { isAway, records, bytes, capBytes, oldestAt, deadLetters, alarm };
  }

  async apply(receipts: readonly Receipt[]): Promise<Applied> {
    if (this.isAway) return this.#spooled(receipts);
    const behind = this.#behindTheirOwn(receipts);
    const isBehind = (receipt: Receipt): boolean => behind.has(receipt.workspace) || this.#stuck.has(receipt);
    if (!receipts.some(isBehind)) return this.#direct(receipts);
    const [later, now] = await Promise.all([
      this.#spooled(receipts.filter(isBehind)),
      this.#direct(receipts.filter((receipt) => !isBehind(receipt))),
    ]);
    const [laterResults, nowResults] = [later.results.values(), now.results.values()];
    const results = receipts.map((receipt) => {
      const { value } = (isBehind(receipt) ? laterResults : nowResults).next();
      return value ?? aside;
    });
    return { results, touched: now.touched };
  }

  #behindTheirOwn(receipts: readonly Receipt[]): ReadonlySet<string> {
    const { spool } = this.#parts;
    if (spool.isEmpty) return new Set();
    const workspaces = [...new Set(receipts.map(({ workspace }) => workspace))];
    return new Set(workspaces.filter((workspace) => spool.waitingOf(workspace) > FEW));
  }

  async #direct(receipts: readonly Receipt[]): Promise<Applied> {
    if (receipts.length === 0) return { results: [], touched: [] };
    const applied = this.#parts.store.apply(receipts);
    const waiting = new AbortController();
    const late = this.#parts.effects.sleep(ANSWER_WITHIN_MS, waiting.signal).then(() => null);
    const sooner = await Promise.race([applied.catch(asFault), late]).finally(() => waiting.abort());
    if (sooner !== null && !(sooner instanceof StoreFault)) return sooner;
    this.#goAway(sooner);
    // It may still succeed. What the spool gives it later is then known already, so this is the time to tell.
    if (sooner === null) {
      this.#sparedUntil = performance.now() + SPARED_MS;
      applied.then(this.#parts.onApplied, () => {});
    }
    return this.#spooled(receipts);
  }

  /** Keeps a callback that cannot be checked yet. */
  async keep(callback: Unverified): Promise<void> {
    this.#isTold = true;
    await this.#parts.spool.append([callback], UNVERIFIED_SHARE).finally(() => this.#alarm.look());
  }

  /** Drains whenever there is something to drain, and goes on with what an earlier process left. */
  run(): void {
    this.#running = this.#work();
  }

  /** Stops draining. What is left waits for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#parts.spool.close();
  }

  async #work(): Promise<void> {
    const { effects, log } = this.#parts;
    const drain = new Drain({ ...this.#parts, stuck: this.#stuck, now: effects.now });
    for (let looks = 0; !this.#stop.signal.aborted; looks += 1) {
      try {
        if (looks % FOLDER_EVERY_LOOKS === 0) await this.#lookAround();
        while (this.#mayDrain() && (await drain.step())) this.#tookSome();
        this.#comeBack();
      } catch (error) {
        // Where the store answers, it is one campaign that cannot be stored now, and what comes in shows the rest.
        if (error instanceof StoreFault) this.#tell(error);
        else log.error({ err: error }, 'draining the spool failed; it is tried again');
      }
      await effects.sleep(LOOK_EVERY_MS, this.#stop.signal);
    }
  }

  #mayDrain(): boolean {
    const { spool, isStoreThere } = this.#parts;
    return !spool.isEmpty && isStoreThere() && !this.#stop.signal.aborted;
  }

  #tookSome(): void {
    if (performance.now() >= this.#sparedUntil) this.#isAway = false;
  }

  async #lookAround(): Promise<void> {
    const { spool } = this.#parts;
    await spool.look();
    if (spool.isUnwritable) await spool.tryDisk();
    this.#alarm.look();
  }

  /** Nothing waits: the next receipts show whether the store takes them. */
  #comeBack(): void {
    const { spool, log, isStoreThere } = this.#parts;
    if (!spool.isEmpty || !isStoreThere()) return;
    this.#tookSome();
    if (this.#isTold) log.info('the store is back and the spool is drained');
    this.#isTold = false;
  }

  async #spooled(receipts: readonly Receipt[]): Promise<Applied> {
    await this.#parts.spool.append(receipts).finally(() => this.#alarm.look());
    return { results: receipts.map(() => aside), touched: [] };
  }

  #goAway(fault: StoreFault | null): void {
    this.#isAway = true;
    this.#tell(fault);
  }

  #tell(fault: StoreFault | null): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const reason = fault?.message ?? `it has not answered in ${ANSWER_WITHIN_MS} ms`;
    this.#parts.log.warn({ reason }, 'the store does not take receipts: they wait in the spool');
  }
}

const aside: ReceiptResult = { result: 'aside' };

/** Any other error is a fault of the program, and no reason to believe that it goes away by waiting. */
function asFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  throw error;
}
