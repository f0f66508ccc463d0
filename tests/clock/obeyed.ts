import { control, reportOf, type Server } from '../dialing/campaign.ts';
import { type ProviderProcess, untilTrue } from '../dialing/provider-process.ts';

/** What came of a command that ends dialing. */
export interface Obeyed {
  readonly command: 'pause' | 'cancel';
  /** Requests for calls later than a second after the command was answered, by the provider's clock. */
  readonly late: number;
  /** As the report has it in the end. */
  readonly phase: string;
}

const LATE_AFTER_MS = 1_000;
const DRAINS_WITHIN_MS = 15_000;
const ended = { pause: 'paused', cancel: 'cancelled' } as const;

/** Gives a command and waits until its campaign says that it was obeyed and nothing is live. */
export async function obeyed(
  provider: ProviderProcess,
  server: Server,
  { id, command, at = server }: { readonly id: string; readonly command: Obeyed['command']; readonly at?: Server },
): Promise<Obeyed> {
  await control(at, id, command);
  const answeredAt = Date.now();
  const isDrained = async (): Promise<boolean> => {
    const report = await reportOf(server, id);
    return report?.phase === ended[command] && report.progress.ledger.inFlight === 0;
  };
  // What was not obeyed is told by the figures.
  await untilTrue(isDrained, DRAINS_WITHIN_MS, 50).catch(() => {});
  const late = (await provider.posts()).filter((post) => post.at > answeredAt + LATE_AFTER_MS).length;
  return { command, late, phase: (await reportOf(server, id))?.phase ?? 'no report' };
}

/** Waits for more requests for calls. */
export async function dialsOn(provider: ProviderProcess, more: number): Promise<void> {
  const before = (await provider.posts()).length;
  await untilTrue(async () => (await provider.posts()).length >= before + more, 30_000, 20);
}
