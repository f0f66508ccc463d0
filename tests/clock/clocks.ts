import type { ServerUnderFire } from '../dialing/server-under-fire.ts';

/** Offsets of a clock from the machine's, milliseconds. */
export type Clocks = readonly number[];

/** Reads `CLOCKS=-7200,0,7200` (seconds); empty without it. */
export function clocksOf(env: NodeJS.ProcessEnv): Clocks {
  return (env.CLOCKS ?? '').split(',').flatMap((seconds) => (seconds === '' ? [] : [Number(seconds) * 1_000]));
}

/** Sets the clock of each node to a random one of these offsets; without any it does nothing. */
export async function stepClocks(nodes: readonly ServerUnderFire[], clocks: Clocks): Promise<void> {
  for (const node of nodes) {
    const ms = clocks[Math.floor(Math.random() * clocks.length)];
    if (ms !== undefined) await node.setClock(ms);
  }
}
