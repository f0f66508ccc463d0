import { describe, expect, it } from 'vitest';
import { type Faults, mishapOf, noFaults } from './faults.ts';

function mishaps(faults: Partial<Faults>, kind: 'ring' | 'hangup' = 'ring', seed = 'seed') {
  return Array.from({ length: 2_000 }, (_, contact) =>
    mishapOf({ ...noFaults, ...faults }, seed, { contact, attempt: 1 }, kind),
  );
}

describe('mishaps', () => {
  it('do not happen unless asked for', () => {
    const fine = { dropped: false, heldBack: false, lateMs: 0, duplicate: null, forgery: null };
    for (const mishap of mishaps({})) expect(mishap).toEqual(fine);
  });

  it('are the same for the same seed', () => {
    const faults = { duplicate: 0.3, reorder: 0.3, drop: 0.3, badSignatures: 0.3, lateSeconds: 5 };
    expect(mishaps(faults)).toEqual(mishaps(faults));
    expect(mishaps(faults)).not.toEqual(mishaps(faults, 'ring', 'other'));
    expect(mishaps(faults)).not.toEqual(mishaps(faults, 'hangup'));
  });

  it('happen to their share of callbacks', () => {
    const portion = (faults: Partial<Faults>, happened: (mishap: ReturnType<typeof mishapOf>) => boolean) =>
      mishaps(faults).filter(happened).length / 2_000;
    expect(portion({ drop: 0.2 }, ({ dropped }) => dropped)).toBeCloseTo(0.2, 1);
    expect(portion({ reorder: 0.4 }, ({ heldBack }) => heldBack)).toBeCloseTo(0.4, 1);
    expect(portion({ duplicate: 0.3 }, ({ duplicate }) => duplicate !== null)).toBeCloseTo(0.3, 1);
    expect(portion({ badSignatures: 0.1 }, ({ forgery }) => forgery !== null)).toBeCloseTo(0.1, 1);
    expect(portion({ lateSeconds: 10 }, ({ lateMs }) => lateMs > 5_000 && lateMs < 10_000)).toBeCloseTo(0.5, 1);
  });

  it('hold nothing back past itself: a hangup is what the others wait for', () => {
    expect(mishaps({ reorder: 1 }, 'hangup').some(({ heldBack }) => heldBack)).toBe(false);
  });

  it('duplicate nothing that was dropped', () => {
    expect(mishaps({ drop: 1, duplicate: 1 }).every(({ dropped, duplicate }) => dropped && duplicate === null)).toBe(
      true,
    );
  });

  it('play both kinds of duplicates and of forgeries', () => {
    const both = mishaps({ duplicate: 1, badSignatures: 1 });
    expect(new Set(both.map(({ duplicate }) => duplicate?.sameNonce))).toEqual(new Set([true, false]));
    expect(new Set(both.map(({ forgery }) => forgery))).toEqual(new Set(['token', 'body']));
  });
});
