import type { ServerUnderFire } from '../dialing/server-under-fire.ts';

/** Where clocks may stand beside the machine's, milliseconds. */
export type Clocks = readonly number[];

/** `CLOCKS=-7200,0,7200`: seconds; none where it is left out. */
export function clocksOf(env: NodeJS.ProcessEnv): Clocks {
  return (env.CLOCKS ?? '').split(',').flatMap((seconds) => (seconds === '' ? [] : [Number(seconds) * 1_000]));
}

/** Sets the clock of each node to one of these, whatever it shows; without any they stay as they are. */
export async function stepClocks(nodes: readonly ServerUnderFire[], clocks: Clocks): Promise<void> {
  for (const node of nodes) {
    const ms = clocks[Math.floor(Math.random() * clocks.length)];
    if (ms !== undefined) await node.setClock(ms);
  }
}
