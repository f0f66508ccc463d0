import type { Touched } from '../ingest/receipt.ts';

/** A campaign of a workspace. */
export type CampaignRef = Pick<Touched, 'workspace' | 'campaignId'>;

/** What nodes of one store know of each other, through the store itself. */
export interface SharedStore {
  /** The same for all nodes of a store, and for no other store; empty until the store was opened. */
  readonly id: string;
  /** Versions as they stand; campaigns that are not there are left out. */
  versions(campaigns: readonly CampaignRef[]): Promise<readonly Touched[]>;
  /** Versions of the newest campaigns of each workspace. */
  newestVersions(workspaces: readonly string[], most: number): Promise<readonly Touched[]>;
  readonly leases: LeaseTable;
}

/** Who does what only one node may do. All times are the database's. */
export interface LeaseTable {
  /**
   * Takes a lease, or renews one's own.
   * @param forsaken a {@link mark}: while the lease still bears it, it may be taken though its time is not up
   * @returns its fencing token, which grows with every new owner, or `null` while somebody else has it
   */
  take(name: string, owner: string, ms: number, forsaken?: string | null): Promise<number | null>;
  /** What changes with each renewal, `null` for a lease that nobody ever took. */
  mark(name: string): Promise<string | null>;
  /** Lets another node take it at once. */
  release(name: string, owner: string): Promise<void>;
}

/** Proof that somebody held a lease: work that carries an old one is refused by the store. */
export interface Fence {
  readonly name: string;
  readonly token: number;
}
