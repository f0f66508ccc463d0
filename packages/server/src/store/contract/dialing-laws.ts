import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { SendResult, StoredAttempt } from '../dialing/dial-store.ts';
import type { Store } from '../store.ts';
import { audit, idsOf, NOW, row, wish } from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

/** One thing that a dialer, or somebody with a list, does. Numbers choose among what there is. */
const act = fc.oneof(
  fc.record({ do: fc.constant('add' as const), from: fc.nat(12), count: fc.nat(6) }),
  fc.record({ do: fc.constant('take' as const), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('back' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('send' as const), which: fc.nat(9) }),
  fc.record({
    do: fc.constant('end' as const),
    which: fc.nat(9),
    kind: fc.constantFrom('accepted', 'refused', 'not-sent', 'in-doubt'),
  }),
  fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), again: fc.boolean() }),
  fc.record({ do: fc.constant('suppress' as const), n: fc.nat(12) }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** A campaign that is dialed at random, and what must have become of its contacts. */
class RandomDialing {
  readonly #store: Store;
  readonly #campaign: { readonly workspace: string; readonly campaignId: string };
  readonly #authId: string;
  /** Contacts that are over: not called again, or left out. */
  over = 0;
  #now = NOW;

  constructor(store: Store, campaignId: string) {
    this.#store = store;
    this.#campaign = { workspace: `w-${campaignId}`, campaignId };
    this.#authId = `MA-${campaignId}`;
  }

  open(): Promise<readonly StoredAttempt[]> {
    return this.#store.dial.openAttempts(this.#authId);
  }

  async facts() {
    const { dial } = this.#store;
    const { contacts = 0 } = (await dial.listFacts(this.#campaign)) ?? {};
    return { contacts, waiting: (await dial.queueFacts(this.#campaign, null, this.#now)).waiting };
  }

  async begin(): Promise<void> {
    await this.#store.dial.openList({ ...this.#campaign, account: null });
  }

  async do(one: Act): Promise<void> {
    const { dial } = this.#store;
    this.#now += 1_000;
    if (one.do === 'add') {
      const rows = Array.from({ length: one.count }, (_, n) => row(one.from + n));
      await dial.addToList(this.#campaign, rows, this.#now);
    } else if (one.do === 'take') {
      const wanted = wish({ ...this.#campaign, authId: this.#authId, most: one.most });
      this.over += (await dial.take(wanted, null, this.#now)).skipped;
    } else if (one.do === 'suppress') {
      await dial.suppress(this.#campaign.workspace, [row(one.n).number], by, audit);
    } else {
      const all = await this.open();
      const attempt = all[one.which % Math.max(1, all.length)];
      if (attempt) await this.#step(one, attempt);
    }
  }

  async #step(one: Act, attempt: StoredAttempt): Promise<void> {
    const { dial } = this.#store;
    const { attemptId } = attempt;
    if (one.do === 'back') await dial.putBack(this.#campaign, [attemptId], null);
    if (one.do === 'send') {
      const before = idsOf(await this.open());
      await dial.beginSending(this.#campaign, [attemptId], this.#now, null);
      // Whose number was barred while the attempt waited is left out for good.
      this.over += before.length - idsOf(await this.open()).length;
    }
    if (one.do === 'end') {
      const result = { kind: one.kind, requestId: 'r', why: 'so' } as SendResult;
      await dial.endSending(this.#campaign, [{ ...result, attemptId }], null, this.#now);
    }
    if (one.do === 'settle') {
      const dueAt = one.again ? this.#now : null;
      const before = idsOf(await this.open());
      await dial.settle(this.#campaign, [{ attemptId, outcome: 'busy', dueAt }], null, this.#now);
      const after = idsOf(await this.open());
      if (dueAt === null) this.over += before.length - after.length;
    }
  }
}

const by = { reason: null, actor: 'test', at: NOW };

/** What holds of every list, whatever is done to it. @param runs random campaigns */
export function dialingLawsContract(kind: () => StoreKind, runs: number): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('whatever is done to a list', () => {
    it('forgets no contact, and has no two attempts on one at a time', async () => {
      const store = await places.store();
      let campaigns = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
          const dialing = new RandomDialing(store, `law-${campaigns++}`);
          await dialing.begin();
          for (const one of acts) await dialing.do(one);
          const open = await dialing.open();
          const { contacts, waiting } = await dialing.facts();
          expect(new Set(open.map(({ contactKey }) => contactKey)).size).toBe(open.length);
          expect(waiting + open.length + dialing.over).toBe(contacts);
        }),
        { numRuns: runs },
      );
    }, 120_000);
  });
}
