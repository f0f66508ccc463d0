import type { Effects } from '../effects.ts';
import type { Services } from '../services.ts';
import type { Ownership } from '../upkeep/lease.ts';
import { ControlClock } from './clock.ts';
import { Control } from './control.ts';
import { Courier } from './courier.ts';
import { type DialerControl, noDialer } from './dialer-control.ts';
import { RetryFailed } from './retry-failed.ts';

/** Control of campaigns, put together. */
export interface ControlMade {
  readonly control: Control;
  readonly courier: Courier;
  readonly clock: ControlClock;
}

type Parts = Pick<Services, 'store' | 'box' | 'publish' | 'log'> & {
  readonly effects: Pick<Effects, 'now' | 'monotonic'>;
  /** Whether it is this node that does what campaigns do by the clock. */
  readonly owner: Ownership;
  readonly dialer?: DialerControl;
};

export function makeControl({ store, box, publish, effects, log, owner, dialer = noDialer }: Parts): ControlMade {
  const { now } = effects;
  const retryFailed = new RetryFailed({ store, dial: store.dial, publish, now });
  const courier: Courier = new Courier({ store, box, effects, log, answer: (...said) => control.answer(...said) });
  const control = new Control({ store, asking: courier, dialer, dial: store.dial, retryFailed, publish, now });
  return { control, courier, clock: new ControlClock({ store, control, courier, owner, now, log }) };
}
