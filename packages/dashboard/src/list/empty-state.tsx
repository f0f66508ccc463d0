import { Link } from 'wouter';
import { callbackUrls } from '../callback-urls.ts';
import { useMay, useSession } from '../session/session-context.ts';
import { LogoMark } from '../shell/logo.tsx';
import { useIntake } from '../shell/use-intake.ts';
import { CopyBlock } from '../ui/copy-block.tsx';

/** No campaign yet: how to make one appear. */
export function EmptyState() {
  const { intake } = useIntake();
  const { workspace } = useSession();
  const mayOperate = useMay('operate');
  const callbacks = intake?.publicUrls[0] ?? location.origin;
  return (
    <section className="mx-auto mt-6 max-w-190 rounded-panel border border-line bg-surface p-6 sm:p-8">
      <LogoMark className="size-8" />
      <h2 className="mt-4 text-20 font-semibold tracking-tight">No campaign yet</h2>
      <p className="mt-1 text-ink-2">
        Your dialer keeps dialing; Ringside listens. Two steps, and the first call shows up here by itself.
      </p>
      <ol className="mt-6 space-y-6">
        <li>
          <h3 className="font-medium">1 · Register a campaign</h3>
          <p className="mt-0.5 mb-2 text-ink-2">
            With its total, so that progress is known. Use an API key of this server.
          </p>
          <CopyBlock title="Terminal" code={registerCommand(location.origin)} />
        </li>
        <li>
          <h3 className="font-medium">2 · Point Plivo at Ringside</h3>
          <p className="mt-0.5 mb-2 text-ink-2">
            Give these URLs to each call. Your own answer URL goes into{' '}
            <code className="font-mono text-12 text-ink">next</code>, URL-encoded: the call is passed on to it.
          </p>
          <CopyBlock title="Callback URLs" code={callbackUrls(callbacks, workspace === 'default' ? null : workspace)} />
          <p className="mt-2 text-12 text-ink-2">
            The address is <code className="font-mono text-ink">PUBLIC_URL</code>. If Plivo reaches this server by
            another name, set it to that name: Plivo signs the URL that it calls.
          </p>
        </li>
      </ol>
      {mayOperate && (
        <p className="mt-6 border-t border-line pt-4 text-ink-2">
          No dialer of your own? Ringside can place the calls:{' '}
          <Link href="/new" className="text-progress underline underline-offset-2">
            make a campaign
          </Link>
          .
        </p>
      )}
    </section>
  );
}

function registerCommand(origin: string): string {
  return [
    `curl -X POST ${origin}/v1/campaigns \\`,
    '  -H "authorization: Bearer $RINGSIDE_KEY" \\',
    '  -H "content-type: application/json" \\',
    '  -d \'{"id":"c-42","name":"Diwali offer","totalCalls":1200}\'',
  ].join('\n');
}
