import { describe, expect, it, vi } from 'vitest';
import type { TeedCallback } from './callback.ts';
import { Notices } from './notices.ts';
import { settled } from './testing/fake-clock.ts';

const callback: TeedCallback = { method: 'POST', url: 'https://h/p?To=919876543210', headers: {}, body: 'From=1' };
const refusal = { callback, status: 403, code: 'signature-invalid', detail: 'It does not match.' };

describe('what the host is told', () => {
  it('is each refusal and each drop, but a problem once', () => {
    const onRefused = vi.fn();
    const onDrop = vi.fn();
    const onProblem = vi.fn();
    const notices = new Notices({ onRefused, onDrop, onProblem }, vi.fn());
    for (let times = 0; times < 2; times += 1) {
      notices.refuse(refusal);
      notices.drop({ callback, reason: 'queue-full' });
      notices.problem({ code: 'raw-body-missing', message: 'm' });
    }
    expect([onRefused, onDrop, onProblem].map(({ mock }) => mock.calls.length)).toEqual([2, 2, 1]);
  });

  it('is a problem again when it was over', () => {
    const onProblem = vi.fn();
    const notices = new Notices({ onProblem }, vi.fn());
    notices.problem({ code: 'delivery-failing', message: 'm' });
    notices.over('delivery-failing');
    notices.problem({ code: 'delivery-failing', message: 'm' });
    expect(onProblem).toHaveBeenCalledTimes(2);
  });

  it('is a warning of the process for each kind when it does not listen, without a number in it', () => {
    const warn = vi.fn();
    const notices = new Notices({}, warn);
    for (let times = 0; times < 2; times += 1) {
      notices.refuse(refusal);
      notices.drop({ callback, reason: 'too-old' });
      notices.problem({ code: 'raw-body-missing', message: 'm' });
    }
    const messages = warn.mock.calls.map(([message]) => String(message));
    expect(messages).toHaveLength(3);
    expect(messages.join()).not.toContain('919876543210');
  });

  it('may throw or reject', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const onDrop = (): never => {
      throw new Error('thrown');
    };
    const onRefused = async (): Promise<void> => {
      throw new Error('rejected');
    };
    const notices = new Notices({ onDrop, onRefused }, vi.fn());
    notices.drop({ callback, reason: 'closed' });
    notices.refuse(refusal);
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
