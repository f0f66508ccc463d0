import type pg from 'pg';
import { driveStepsLater } from '../access/steps.ts';
import type { TokenOf } from '../dialing/do-not-call.ts';
import { DIAL_READS, type DialCall, dialSteps } from '../dialing/work.ts';
import { holdFence } from './among-nodes.ts';
import { holdErasures } from './erasures.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';

/** The tables of dialing. The owner of an account's lease dials; everybody may fill lists and look. */
export class DialTables {
  readonly #writes: pg.Pool;
  readonly #reads: Session;
  readonly #tokenOf: TokenOf;

  constructor(writes: pg.Pool, reads: Session, tokenOf: TokenOf) {
    this.#writes = writes;
    this.#reads = reads;
    this.#tokenOf = tokenOf;
  }

  /** @throws StoreFault when the fence is not held any more: nothing was changed then */
  async run(call: DialCall): Promise<unknown> {
    const { name, fence } = call;
    const steps = () => dialSteps(call, this.#tokenOf);
    if (DIAL_READS.has(name)) return tryAgain(() => driveStepsLater(steps(), this.#reads.step));
    return tryAgain(() =>
      inTransaction(this.#writes, async (session) => {
        if (fence) await holdFence(session, fence);
        // Uploads have the lock of their list, which an erasure waits for.
        if (name === 'suppress') await holdErasures(session, String(call.args[0]));
        return driveStepsLater(steps(), session.step);
      }),
    );
  }
}
