import { Link } from 'wouter';
import { useMay } from '../session/session-context.ts';
import { CopyBlock } from '../ui/copy-block.tsx';

/** For a dialer that is not on Plivo: one event, to try. */
export function EventCommand() {
  const mayAdminister = useMay('administer');
  return (
    <>
      <CopyBlock title="Terminal" code={eventCommand(location.origin, new Date())} />
      <p className="mt-3 text-12 text-ink-2">
        Send <code className="font-mono text-ink">initiated</code>, <code className="font-mono text-ink">answered</code>{' '}
        and <code className="font-mono text-ink">ended</code> for each call.{' '}
        {mayAdminister ? (
          <Link href="/settings/keys" className="text-progress underline underline-offset-2">
            Create an API key
          </Link>
        ) : (
          'Ask an admin for an API key'
        )}
        {' · '}
        <a href="/docs" className="text-progress underline underline-offset-2">
          API reference
        </a>
      </p>
    </>
  );
}

function eventCommand(origin: string, now: Date): string {
  const at = `${now.toISOString().slice(0, 19)}Z`;
  return [
    `curl ${origin}/v1/events \\`,
    '  -H "authorization: Bearer $RINGSIDE_KEY" \\',
    '  -H "content-type: application/json" \\',
    `  -d '{ "events": [{ "type": "initiated",`,
    '        "campaignId": "c-42", "callId": "call-1",',
    `        "to": "+14155550100", "at": "${at}" }] }'`,
  ].join('\n');
}
