import { CAMPAIGN_ID } from '@ringside/protocol';
import type { Applied, PlivoReceipt, Receipt, ReceiptResult, Touched } from '../../ingest/receipt.ts';
import { plivoReceipt, type VerifiedCallback } from '../../providers/plivo/plivo-receipt.ts';
import type { CampaignName } from './live-campaigns.ts';
import type { Nonces } from './nonces.ts';
import type { Session } from './session.ts';
import { nameOf } from './store-names.ts';
import { type AsideCallback, type addUnassigned, giveUpWaiting, takeUnassigned, waitingNames } from './unassigned.ts';
import { type Entry, isFault, type WriteQueue } from './write-queue.ts';

/** Everything that apply works on. */
export interface ApplyTables {
  readonly queue: WriteQueue;
  readonly nonces: Nonces;
  /** See {@link addUnassigned}. */
  readonly putAside: (aside: readonly AsideCallback[]) => Promise<void>;
  /** For statements that stand alone. */
  readonly session: Session;
  /** Zone of Plivo's console times where a callback does not show it. */
  readonly plivoTimeZone: string;
}

/** A callback that a campaign has room for, and the names of its call. */
interface Named {
  readonly workspace: string;
  readonly campaignId: string;
  readonly names: readonly string[];
}

/**
 * Applies a batch of receipts: one transaction for each campaign that it speaks of, side by side. When it fulfils, all
 * of them are durable.
 */
export class Batch {
  readonly #tables: ApplyTables;
  readonly #results: ReceiptResult[];
  readonly #entries = new Map<string, { readonly name: CampaignName; readonly entries: Entry[] }>();
  readonly #aside: AsideCallback[] = [];
  readonly #named: Named[] = [];
  readonly #touched: Touched[] = [];

  constructor(tables: ApplyTables, size: number) {
    this.#tables = tables;
    this.#results = Array.from({ length: size }, () => ({ result: 'aside' }));
  }

  async apply(receipts: readonly Receipt[]): Promise<Applied> {
    const nameless = await this.#place(receipts);
    await this.#findCampaigns(nameless);
    await this.#write();
    await this.#tables.putAside(this.#aside);
    await this.#takeWaiting();
    return { results: this.#results, touched: this.#touched };
  }

  /** Gives each receipt to its campaign. @returns callbacks that name a call but no campaign */
  async #place(receipts: readonly Receipt[]): Promise<(readonly [PlivoReceipt, number])[]> {
    const reused = await this.#reusedNonces(receipts);
    const nameless: (readonly [PlivoReceipt, number])[] = [];
    receipts.forEach((receipt, index) => {
      if (receipt.kind === 'delivery') {
        const { workspace, campaignId, delivery, audit, isLimited } = receipt;
        this.#add(workspace, campaignId, { receipt, index, delivery, raw: null, audit, isLimited });
      } else if (reused.has(index)) this.#results[index] = { result: 'rejected', code: 'nonce-reused' };
      else if (receipt.meaning.kind === 'aside') {
        this.#aside.push({ receipt, why: receipt.meaning.why, alias: null });
      } else if (receipt.meaning.campaignId === null) nameless.push([receipt, index]);
      else this.#addCallback(receipt, receipt.meaning.campaignId, index);
    });
    return nameless;
  }

  async #reusedNonces(receipts: readonly Receipt[]): Promise<ReadonlySet<number>> {
    const signed = receipts.flatMap((receipt, index) =>
      receipt.kind === 'plivo' && receipt.nonce ? [{ index, nonce: receipt.nonce, at: receipt.receivedAt }] : [],
    );
    const now = Math.max(...signed.map(({ at }) => at));
    const reused = await this.#tables.nonces.take(
      signed.map(({ nonce }) => nonce),
      now,
    );
    return new Set(signed.flatMap(({ index }, place) => (reused.has(place) ? [index] : [])));
  }

  /** A callback without a campaign belongs to the one that knows its call: of this batch, or as stored. */
  async #findCampaigns(nameless: readonly (readonly [PlivoReceipt, number])[]): Promise<void> {
    if (nameless.length === 0) return;
    const known = new Map<string, string>();
    for (const [workspace, names] of namesByWorkspace(nameless.map(([receipt]) => receipt))) {
      for (const { campaign_id: id, alias } of await this.#campaignsThatKnow(workspace, names)) {
        const name = `${workspace}\0${alias}`;
        if (!known.has(name)) known.set(name, id);
      }
    }
    for (const { workspace, campaignId, names } of this.#named) {
      for (const name of names) known.set(`${workspace}\0${name}`, campaignId);
    }
    for (const [receipt, index] of nameless) {
      const names = namesOf(receipt);
      const campaignId = names.map((name) => known.get(`${receipt.workspace}\0${name}`)).find((id) => id !== undefined);
      if (campaignId !== undefined) this.#addCallback(receipt, campaignId, index);
      else this.#aside.push({ receipt, why: 'no campaign', alias: names[0] ?? null });
    }
  }

  /** Campaigns that know one of these names, the one that was heard of last first. */
  async #campaignsThatKnow(workspace: string, names: readonly string[]) {
    const { session } = this.#tables;
    const heard = await session.rows<{ campaign_key: string; campaign_id: string }>('campaigns-heard-of', workspace);
    const keys = heard.map(({ campaign_key: key }) => key);
    const found = await session.rows<{ campaign_key: string; alias: string }>('campaigns-that-know', keys, names);
    return heard.flatMap(({ campaign_key: key, campaign_id }) =>
      found.flatMap((named) => (named.campaign_key === key ? [{ campaign_id, alias: named.alias }] : [])),
    );
  }

  #addCallback(receipt: PlivoReceipt, campaignId: string, index: number): void {
    if (receipt.meaning.kind !== 'call') return;
    if (!CAMPAIGN_ID.test(campaignId)) {
      this.#aside.push({ receipt, why: 'campaign refused', alias: null });
      return;
    }
    const { workspace } = receipt;
    this.#add(workspace, campaignId, { receipt, index, delivery: receipt.meaning.delivery, raw: rawOf(receipt) });
    this.#named.push({ workspace, campaignId, names: namesOf(receipt) });
  }

  #add(workspace: string, campaignId: string, entry: Entry): void {
    const name = nameOf(workspace, campaignId);
    const known = this.#entries.get(name.key);
    if (known) known.entries.push(entry);
    else this.#entries.set(name.key, { name, entries: [entry] });
  }

  /** All campaigns are waited for, also when one fails: nothing of a batch goes on behind its back. */
  async #write(): Promise<void> {
    const written = await Promise.allSettled(
      [...this.#entries.values()].map(({ name, entries }) => this.#writeCampaign(name, entries)),
    );
    for (const { reason } of written.filter((one) => one.status === 'rejected')) throw reason;
  }

  async #writeCampaign(name: CampaignName, entries: readonly Entry[]): Promise<void> {
    const { outcomes, touched } = await this.#tables.queue.submit(name, entries);
    this.#touched.push(...touched);
    outcomes.forEach((outcome, place) => {
      const entry = entries[place];
      if (!entry) return;
      if (typeof outcome === 'string') this.#results[entry.index] = { result: outcome };
      else if (entry.receipt.kind === 'delivery') {
        this.#results[entry.index] = { result: 'rejected', code: outcome.code };
      } else this.#aside.push({ receipt: entry.receipt, why: outcome.why, alias: null });
    });
  }

  /**
   * Callbacks that came before their call was named. Whoever names a call looks into the bin after that is committed,
   * and whoever fills the bin looks for the call after that is: so of two nodes one sees the other.
   */
  async #takeWaiting(): Promise<void> {
    const { session } = this.#tables;
    const binned = this.#aside.flatMap(({ receipt, alias }) => (alias === null ? [] : [receipt]));
    const found: Named[] = [];
    for (const [workspace, names] of namesByWorkspace(binned)) {
      for (const { campaign_id: campaignId, alias } of await this.#campaignsThatKnow(workspace, names)) {
        found.push({ workspace, campaignId, names: [alias] });
      }
    }
    for (const workspace of new Set([...this.#named, ...found].map((named) => named.workspace))) {
      const own = [...this.#named, ...found].filter((named) => named.workspace === workspace);
      const waiting = new Set(
        await waitingNames(
          session,
          workspace,
          own.flatMap(({ names }) => names),
        ),
      );
      for (const { campaignId, names } of waiting.size === 0 ? [] : own) {
        const mine = names.filter((name) => waiting.has(name));
        if (mine.length > 0) await this.#takeInto(workspace, campaignId, mine);
      }
    }
  }

  async #takeInto(workspace: string, campaignId: string, names: readonly string[]): Promise<void> {
    const { queue, session, plivoTimeZone } = this.#tables;
    try {
      const folded = await queue.write(nameOf(workspace, campaignId), {
        make: 'never',
        now: Date.now(),
        items: async (own) =>
          (await takeUnassigned(own, workspace, names)).flatMap((waited) => {
            const { meaning } = plivoReceipt(waited, plivoTimeZone);
            return meaning.kind === 'call' ? [{ delivery: meaning.delivery, raw: rawOf(waited) }] : [];
          }),
      });
      if (folded?.touched) this.#touched.push(folded.touched);
    } catch (error) {
      if (isFault(error)) throw error;
      await giveUpWaiting(session, workspace, names, `cannot be applied: ${(error as Error).message}`);
    }
  }
}

function namesOf({ meaning }: PlivoReceipt): string[] {
  return meaning.kind === 'call' ? meaning.delivery.aliases.map(({ id }) => id) : [];
}

function namesByWorkspace(receipts: readonly PlivoReceipt[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const receipt of receipts) {
    names.set(receipt.workspace, [...(names.get(receipt.workspace) ?? []), ...namesOf(receipt)]);
  }
  return names;
}

function rawOf({ query, body }: Pick<VerifiedCallback, 'query' | 'body'>): string {
  return `${query}\n${body}`;
}
