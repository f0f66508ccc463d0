import type { LeadVerdict } from '@ringside/protocol';
import { between, chance, pick, type Random } from './random.ts';
import type { Scenario } from './scenarios.ts';

/** What a voice bot says about a call, in the words of `/v1/events`. */
export interface Judgement {
  readonly status: LeadVerdict;
  /** 0 to 100. */
  readonly score: number;
  readonly reason: string;
  readonly summary: string;
}

interface Voice {
  readonly scores: readonly [least: number, most: number];
  readonly said: readonly (readonly [reason: string, summary: string])[];
}

const voices: Readonly<Record<LeadVerdict, Voice>> = {
  hot: {
    scores: [76, 98],
    said: [
      ['asked for a callback', 'Wants an agent to call back today and confirmed the number.'],
      ['asked for the price', 'Compared two plans and asked how to pay.'],
      ['wants to buy', 'Said yes to the offer and asked what happens next.'],
    ],
  },
  warm: {
    scores: [45, 74],
    said: [
      ['wants details by message', 'Interested, but driving; asked for the details on WhatsApp.'],
      ['call later', 'Open to the offer, asked to be called again next week.'],
      ['has questions', 'Asked about the conditions and will think about it.'],
    ],
  },
  cold: {
    scores: [4, 42],
    said: [
      ['not interested', 'Heard the offer and declined.'],
      ['already a customer', 'Has the product already and needs nothing else.'],
      ['wrong person', 'The number belongs to somebody else now.'],
    ],
  },
};

/** Below this talk time, in seconds, nobody has said enough to be interested. */
const tooShortToTell = 8;

/** Judges a completed call, or leaves it unjudged. Long calls are judged warmer than short ones. */
export function judge(random: Random, lead: Scenario['lead'], talkSeconds: number): Judgement | null {
  const judged = chance(random, lead.judged);
  const status = talkSeconds < tooShortToTell ? 'cold' : pick(random, warmed(lead.mix, talkSeconds));
  const { scores, said } = voices[status];
  const score = Math.round(between(random, scores[0], scores[1]));
  const [reason, summary] = pick(
    random,
    said.map((words) => [words, 1] as const),
  );
  return judged ? { status, score, reason, summary } : null;
}

function warmed(mix: Scenario['lead']['mix'], talkSeconds: number): readonly (readonly [LeadVerdict, number])[] {
  const warmth = Math.min(2, Math.max(0.4, talkSeconds / 60));
  return [
    ['hot', mix.hot * warmth],
    ['warm', mix.warm * warmth],
    ['cold', mix.cold],
  ];
}
