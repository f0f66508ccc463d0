import { addressGroup } from './address-group.ts';
import type { Principal } from './principal.ts';
import type { RateLimits } from './rate-limits.ts';
import { Slots } from './slots.ts';

export interface LiveConnectionLimits {
  /** Live connections of one key or login. */
  readonly perKey: number;
  /** Of one share link. */
  readonly perLink: number;
  /** Of one client address, whoever it is. */
  readonly perAddress: number;
}

const RETRY_SECONDS = 10;

/** Limits the live connections of this node, over every transport, and the work that their clients ask for. */
export class LiveConnections {
  readonly #limits: LiveConnectionLimits;
  readonly #rates: RateLimits;
  readonly #ofKeys: Slots;
  readonly #ofLinks: Slots;
  readonly #ofAddresses: Slots;

  constructor(limits: LiveConnectionLimits, rates: RateLimits) {
    this.#limits = limits;
    this.#rates = rates;
    this.#ofKeys = new Slots(limits.perKey);
    this.#ofLinks = new Slots(limits.perLink);
    this.#ofAddresses = new Slots(limits.perAddress);
  }

  /** Counts one more. @returns what to call once when it is closed, or seconds to wait */
  take(principal: Principal, address: string | null): (() => void) | number {
    const most = this.#most(principal);
    // A client that may send nothing now would be closed at its first message.
    const wait = this.#rates.liveMessages(principal, most, 0) || this.#rates.liveConnection(principal, most);
    if (wait > 0) return wait;
    const owners = principal.share ? this.#ofLinks : this.#ofKeys;
    const ofOwner = owners.take(`${principal.workspace} ${principal.actor}`);
    const ofAddress = address === null ? (): void => {} : this.#ofAddresses.take(addressGroup(address));
    if (ofOwner && ofAddress) {
      return () => {
        ofOwner();
        ofAddress();
      };
    }
    ofOwner?.();
    ofAddress?.();
    return RETRY_SECONDS;
  }

  /** Takes one ticket for a connection. @returns seconds to wait, 0 when it may go on */
  takeTicket(principal: Principal): number {
    return this.#rates.liveTicket(principal, this.#most(principal));
  }

  /** Takes one message of a client. @returns false where its key, login or link asks for too much */
  mayAsk(principal: Principal): boolean {
    return this.#rates.liveMessages(principal, this.#most(principal), 1) === 0;
  }

  #most({ share }: Principal): number {
    return share ? this.#limits.perLink : this.#limits.perKey;
  }
}
