import { PauseCommand } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { pauseBody, pauseChoices } from './pause-until.ts';

const now = new Date('2026-11-22T20:00:00Z');

test('each choice is a pause that the server takes', () => {
  for (const { value } of pauseChoices('Asia/Kolkata', 'UTC'))
    expect(PauseCommand.safeParse(pauseBody(value, now, 'Asia/Kolkata')).success).toBe(true);
  expect(pauseBody('resumed', now, 'UTC')).toEqual({});
  expect(pauseBody('tomorrow', now, 'Asia/Kolkata')).toEqual({ until: '2026-11-24T03:30:00.000Z' });
});

test('a zone is named only where it is not the reader’s', () => {
  const last = (zone: string): string => pauseChoices(zone, 'Asia/Kolkata').at(-1)?.label ?? '';
  expect(last('Asia/Kolkata')).toBe('Until tomorrow 09:00');
  expect(last('America/New_York')).toBe('Until tomorrow 09:00 (America/New York)');
});
