import { tomorrowAt } from '../zoned-time.ts';

/** Until when a pause lasts, as the choices name it. */
export type PauseLength = 'resumed' | '15-min' | '1-hour' | 'tomorrow';

interface PauseChoice {
  readonly value: PauseLength;
  readonly label: string;
  readonly meaning: string;
}

/** Tomorrow is that of the campaign’s zone, which is named where it is another than the reader’s. */
export function pauseChoices(zone: string, readersZone: string): readonly PauseChoice[] {
  const where = zone === readersZone ? '' : ` (${zone.replaceAll('_', ' ')})`;
  return [
    { value: 'resumed', label: 'Until somebody resumes it', meaning: '' },
    { value: '15-min', label: 'For 15 minutes', meaning: 'then it resumes by itself' },
    { value: '1-hour', label: 'For an hour', meaning: 'then it resumes by itself' },
    { value: 'tomorrow', label: `Until tomorrow 09:00${where}`, meaning: 'then it resumes by itself' },
  ];
}

/** What the command says of it. */
export function pauseBody(length: PauseLength, now: Date, zone: string): { until?: string; forSeconds?: number } {
  switch (length) {
    case 'resumed':
      return {};
    case '15-min':
      return { forSeconds: 900 };
    case '1-hour':
      return { forSeconds: 3_600 };
    case 'tomorrow':
      return { until: tomorrowAt('09:00', now, zone) ?? '' };
  }
}
