import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../record.ts';
import { contactLedger } from './contact-ledger.ts';

const call = (number: string, outcome: CallRecord['outcome'], ended = true) =>
  ({ number, outcome, ended }) as CallRecord;

describe('the ledger of the numbers that were called', () => {
  it('has every number once: reached by any call, else in flight, else unreached', () => {
    const { contacts, counts } = contactLedger([
      call('1', 'busy'),
      call('1', 'completed'),
      call('1', 'busy', false),
      call('2', 'busy'),
      call('2', 'completed', false),
      call('3', 'machine'),
      call('3', 'no-answer'),
      call('4', 'completed', false),
      call('4', 'busy'),
    ]);
    expect(Object.fromEntries(contacts)).toEqual({
      1: { attempts: 3, state: 'reached' },
      2: { attempts: 2, state: 'inFlight' },
      3: { attempts: 2, state: 'unreached' },
      4: { attempts: 2, state: 'inFlight' },
    });
    expect(counts).toEqual({ reached: 1, inFlight: 2, unreached: 1 });
  });
});
