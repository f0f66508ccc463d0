import { fact, iso, mergeCampaign, unknownCampaign } from '@ringside/core';
import type { Campaign, Phase, Report } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { saidDelivery } from '../ingest/api-event.ts';
import { type PreviewInput, previewOf } from './preview.ts';

const NOW = Date.UTC(2025, 7, 7, 14);
const at = (minutes: number) => iso(NOW + minutes * 60_000);
const minutes = (count: number) => NOW + count * 60_000;

interface Scene extends Partial<PreviewInput> {
  readonly phase?: Phase;
  readonly dialer?: 'built-in' | 'external';
  readonly live?: number;
  readonly excluded?: number;
  /** Minutes from now. */
  readonly deadline?: number;
}

/** 100 contacts are left; they take an hour. */
function preview({ timezone = 'Asia/Kolkata', ...scene }: Scene & { readonly timezone?: string }) {
  const { phase = 'running', dialer = 'built-in', live = 0, excluded = 0, deadline, ...more } = scene;
  const facts = deadline === undefined ? {} : { deadline: minutes(deadline) };
  const declared = mergeCampaign(
    unknownCampaign,
    saidDelivery(facts, { registers: true, at: NOW, receivedAt: NOW, actor: 'test' }),
  );
  expect(fact(declared, 'deadline')).toBe(deadline === undefined ? null : minutes(deadline));
  const report = {
    callMetrics: { activeCalls: live },
    progress: { ledger: { notStarted: 90, waitingRetry: 10, inFlight: live, unreached: 7, excluded } },
    timeline: { estimatedEndTime: phase === 'draft' ? null : at(60) },
    forecast: { seconds: { p10: 3_000, p50: 3_600, p90: 4_000 } },
  } as Report;
  const campaign = { phase, dialer, timezone } as Campaign;
  const usual = { command: 'pause', until: null, hangUp: false, contacts: null, now: NOW } as const;
  return previewOf({ ...usual, campaign, declared, report, ...more });
}

describe('what a command would come to', () => {
  it('a timed pause moves the end by its length, while live calls finish', () => {
    expect(preview({ live: 14, until: minutes(30) })).toEqual({
      ...{ command: 'pause', allowed: true, draining: 14, contacts: 114, skipped: 0, missesWindow: 0 },
      endTime: { from: at(60), to: at(90) },
      message:
        'No new call is placed until 7 Aug 2025, 20:00 (Asia/Kolkata). 14 live calls will finish. ' +
        'The expected end moves from 7 Aug 2025, 20:30 (Asia/Kolkata) to 7 Aug 2025, 21:00 (Asia/Kolkata).',
    });
  });

  it('tells the time in UTC where this runtime does not know the zone', () => {
    const { message } = preview({ until: minutes(30), timezone: 'Foo/Bar' });
    expect(message).toContain('until 7 Aug 2025, 14:30 (UTC).');
  });

  it('a pause without an end leaves the end open, and calls that are hung up do not drain', () => {
    const { endTime, draining, missesWindow, message } = preview({ live: 1, hangUp: true, deadline: 90 });
    expect([endTime, draining, missesWindow]).toEqual([{ from: at(60), to: null }, 0, null]);
    expect(message).toBe('No new call is placed until somebody resumes it. 1 live call will be cut off.');
  });

  it('tells how many would not be called before the deadline', () => {
    expect(preview({ deadline: 75 })).toMatchObject({ missesWindow: null });
    expect(preview({ deadline: 75, until: minutes(15) })).toMatchObject({ missesWindow: 0 });
    expect(preview({ deadline: 75, until: minutes(45) })).toMatchObject({
      missesWindow: 50,
      message: expect.stringMatching(/50 contacts would not be called before the deadline\.$/),
    });
  });

  it('a start tells who is called and who is skipped, a cancel who is not called any more', () => {
    const start = preview({ command: 'start', phase: 'draft', excluded: 3 });
    expect(start).toMatchObject({ allowed: true, contacts: 100, skipped: 3, endTime: { from: null, to: null } });
    expect(start.message).toBe('100 contacts to be called, and 3 will be skipped.');
    expect(preview({ command: 'cancel', live: 2 })).toMatchObject({
      ...{ contacts: 100, draining: 2 },
      message: '100 contacts will not be called any more; this is final. 2 live calls will finish.',
    });
  });

  it('retrying counts those whom the list knows, or the report', () => {
    expect(preview({ command: 'retry-failed', contacts: 5 })).toMatchObject({ contacts: 5 });
    expect(preview({ command: 'retry-failed', dialer: 'external' })).toMatchObject({
      ...{ contacts: 7, message: expect.stringMatching(/Its own dialer is asked/) },
    });
  });

  it('says why something is not allowed, and what stays as it is', () => {
    expect(preview({ command: 'start', phase: 'paused', live: 3 })).toMatchObject({
      ...{ allowed: false, message: 'It is paused: resume it.', draining: 0, missesWindow: null },
    });
    expect(preview({ phase: 'paused' }).message).toBe('Nothing changes: it is paused.');
  });
});
