import type { ProviderAccount } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { callbackUrls } from '../callback-urls.ts';
import { useClient } from '../client-context.ts';
import { useMay } from '../session/session-context.ts';
import { CopyButton } from '../ui/copy-button.tsx';

/** Without the others a campaign is complete; Settings list them all. */
const needed = new Set(['ring_url', 'answer_url', 'hangup_url']);

interface PlivoUrlsProps {
  /** Address at which Plivo calls this server. */
  readonly base: string;
  readonly workspace: string;
}

/** The URLs to copy, and what must be set up before Plivo's callbacks are accepted. */
export function PlivoUrls({ base, workspace }: PlivoUrlsProps) {
  const urls = callbackUrls(base, workspace === 'default' ? null : workspace).filter(({ name }) => needed.has(name));
  return (
    <>
      <Missing base={base} />
      <ul aria-label="Callback URLs" className="divide-y divide-line border-y border-line">
        {urls.map(({ name, url }) => (
          <li key={name} className="flex items-center gap-2 py-2.5">
            <div className="min-w-0 flex-1">
              <p className="font-medium">{name}</p>
              <Url url={url} />
            </div>
            <CopyButton text={url} title={name} />
          </li>
        ))}
      </ul>
      <p className="mt-3 text-12 text-ink-2">
        Give these to Plivo with each call. Replace <Code>c-42</Code> with your campaign’s id, and put your own answer
        URL after <Code>next=</Code>, URL-encoded.
      </p>
    </>
  );
}

/** Breaks where its parts begin. */
function Url({ url }: { readonly url: string }) {
  return (
    <code className="block font-mono text-12 leading-4.5 wrap-anywhere text-ink-2">
      {url.split(/(?=\?|#|&next)/).map((part) => (
        <Fragment key={part}>
          <wbr />
          {part}
        </Fragment>
      ))}
    </code>
  );
}

/** Without a public address Plivo calls nobody here, and without the account's token no signature can be checked. */
function Missing({ base }: { readonly base: string }) {
  const needsAddress = isLocal(base);
  const needsAccount = useHasNoAccount();
  if (!needsAddress && !needsAccount) return null;
  return (
    <ul className="mb-3 space-y-1 rounded-md border border-waiting-fill bg-waiting-wash px-3 py-2 text-12">
      {needsAddress && (
        <li>
          Plivo cannot reach {new URL(base).hostname}. Set <Code>PUBLIC_URL</Code> to this server’s public address.
        </li>
      )}
      {needsAccount && (
        <li>
          No Plivo account is set up, so callbacks are refused.{' '}
          <Link href="/settings/accounts" className="underline underline-offset-2">
            Add account
          </Link>
        </li>
      )}
    </ul>
  );
}

/** False also for people who may not know. */
function useHasNoAccount(): boolean {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['provider-accounts'],
    queryFn: () => client.request<{ items: ProviderAccount[] }>('/v1/provider-accounts'),
    enabled: useMay('administer'),
  });
  return data?.items.length === 0;
}

function Code({ children }: { readonly children: string }) {
  return <code className="font-mono whitespace-nowrap text-ink">{children}</code>;
}

/** True for addresses that nothing outside this machine or network can call. */
export function isLocal(base: string): boolean {
  const hostname = URL.canParse(base) ? new URL(base).hostname : '';
  return /^(localhost|0\.|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[(::1?|f[cd].*|fe80.*)\]$)/.test(hostname);
}
