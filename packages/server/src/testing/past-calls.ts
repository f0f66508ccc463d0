import { type Form, hangupForm } from '@ringside/sandbox';
import { AUTH_ID } from './running-server.ts';

const CODES = [4000, 4000, 3000, 3010, 4000, 2000, 4010, 6010, 9100] as const;
const ZONE = 'Asia/Kolkata';

/** Hangup callbacks of calls that ended hours ago, as Plivo writes them for an account in India. */
export function pastHangups(count: number, prefix: string, startAt: number): Form[] {
  return Array.from({ length: count }, (_, n) => {
    const code = CODES[n % CODES.length] ?? 4000;
    const startedAt = startAt + n * 3_000;
    const wasAnswered = code === 4000 || code === 4010 || code === 9100;
    const answeredAt = wasAnswered ? startedAt + 7_000 : null;
    const uuid = `${prefix}-${String(n).padStart(6, '0')}`;
    return hangupForm(
      {
        authId: AUTH_ID,
        callUuid: uuid,
        requestUuid: uuid,
        from: '+918035735659',
        to: `+9198${String(76_500_000 + (n % 70))}`,
        sessionStart: startedAt,
        billRate: '0.005',
      },
      {
        startedAt,
        answeredAt,
        endedAt: startedAt + (wasAnswered ? 20_000 + (n % 11) * 9_000 : 12_000),
        code,
        zone: ZONE,
      },
    );
  });
}

/** The same calls as a table, without what shows the zone. */
export function csvOf(forms: readonly Form[]): string {
  const columns = [...new Set(forms.flatMap((form) => Object.keys(form)))].filter((name) => name !== 'SessionStart');
  const line = (form: Form): string => columns.map((name) => `"${(form[name] ?? '').replaceAll('"', '""')}"`).join(',');
  return `${columns.join(',')}\n${forms.map(line).join('\n')}\n`;
}

/** The same calls as documents of a host that stores them under names of its own. */
export function documentsOf(forms: readonly Form[], campaignId: string): string {
  return forms
    .map((form) =>
      JSON.stringify({
        _id: { $oid: '68a1b2c3d4e5f60718293a4b' },
        callUUID: form.CallUUID,
        campaignId,
        to: form.To,
        from: form.From,
        duration: Number(form.Duration),
        status: form.CallStatus,
        hangupCause: form.HangupCause,
        hangupCauseCode: Number(form.HangupCauseCode),
        hangupSource: form.HangupSource,
        startTime: form.StartTime,
        answerTime: form.AnswerTime === '' ? null : form.AnswerTime,
        endTime: form.EndTime,
        billDuration: { $numberInt: form.BillDuration },
        totalCost: form.TotalCost,
        provider: 'plivo',
      }),
    )
    .join('\n');
}
