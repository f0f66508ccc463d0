import type { Report } from '@ringside/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../client-context.ts';
import { readServerTime } from '../readers.ts';
import { addSample, type Sample } from './samples.ts';

/** What was known when the page was opened. */
export interface Since {
  readonly at: Date;
  readonly hot: number;
}

/** What the reports said since the page was opened. */
export function useSamples(report: Report): { readonly samples: readonly Sample[]; readonly since: Since } {
  const client = useClient();
  const [since] = useState<Since>(() => ({ at: readServerTime(client), hot: report.leads.hot }));
  const [samples, setSamples] = useState<readonly Sample[]>(() => addSample([], report));
  useEffect(() => setSamples((before) => addSample(before, report)), [report]);
  return { samples, since };
}
