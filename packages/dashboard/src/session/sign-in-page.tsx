import { RingsideError, type SignInProof } from '@ringside/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Eye, EyeOff, LoaderCircle } from 'lucide-react';
import { type SubmitEvent, useId, useLayoutEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useClient } from '../client-context.ts';
import { Logo } from '../shell/logo.tsx';
import { ThemeButton } from '../shell/theme-button.tsx';
import { useTitle } from '../ui/use-title.ts';
import { takeFragment } from './fragment.ts';
import { keptSession } from './kept-session.ts';
import { nextPath } from './sign-in-path.ts';

/** By API key; by the one-time token of the printed link; or by a login of the host application, which links here. */
export function SignInPage() {
  useTitle('Sign in · Ringside');
  const signIn = useSignIn();
  const byLink = useLinkProof(signIn.mutate);
  const isOpening = byLink && (signIn.isPending || signIn.isSuccess);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-90">
        <Logo className="mb-8 justify-center text-20" />
        <div className="rounded-panel border border-line bg-surface p-6">
          <h1 className="text-20 font-semibold tracking-tight">Sign in</h1>
          {isOpening ? (
            <p className="mt-4 flex h-[156px] items-start gap-2 text-ink-2" role="status">
              <LoaderCircle aria-hidden="true" className="mt-0.5 size-4 animate-spin" />
              Opening your link…
            </p>
          ) : (
            <KeyForm
              submit={(key) => signIn.mutate({ key })}
              error={messageOf(signIn.error, signIn.variables)}
              busy={signIn.isPending}
            />
          )}
        </div>
        <p className="mt-4 px-1 text-12 text-ink-2">
          No key? Ringside prints a sign-in link, and at its first start a key, in the terminal or log where it was
          started.
        </p>
        <div className="mt-8 flex justify-center">
          <ThemeButton />
        </div>
      </div>
    </main>
  );
}

function useSignIn() {
  const client = useClient();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const next = nextPath(useSearch());
  return useMutation({
    mutationFn: async (proof: SignInProof) => {
      await client.signIn(proof);
      await keptSession(client);
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      navigate(next, { replace: true });
    },
  });
}

/** Uses what a link brings once and takes it out of the address. @returns whether there was anything */
function useLinkProof(use: (proof: SignInProof) => void): boolean {
  const [byLink, setByLink] = useState(() => proofOf(location.hash.slice(1)) !== null);
  useLayoutEffect(() => {
    const take = (): void => {
      const proof = proofOf(takeFragment());
      if (proof === null) return;
      setByLink(true);
      use(proof);
    };
    take();
    // A link that is pasted into a tab that shows this page already.
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, [use]);
  return byLink;
}

/** `#token=…` or `#jwt=…` */
function proofOf(fragment: string): SignInProof | null {
  const params = new URLSearchParams(fragment);
  const token = params.get('token');
  const jwt = params.get('jwt');
  if (token !== null) return { token };
  return jwt === null ? null : { jwt };
}

function messageOf(error: Error | null, proof: SignInProof | undefined): string | null {
  if (!error) return null;
  if (!(error instanceof RingsideError)) return error.message;
  if (error.code !== 'unauthenticated') return error.message;
  if (proof && 'token' in proof)
    return 'This link was used before, or is too old. Start Ringside again for a new one, or use an API key.';
  if (proof && 'jwt' in proof)
    return `${error.message} Go back to the application that you came from, and open Ringside from there again.`;
  return 'This key is not valid. Check that it was copied whole.';
}

interface KeyFormProps {
  readonly submit: (key: string) => void;
  readonly error: string | null;
  readonly busy: boolean;
}

function KeyForm({ submit, error, busy }: KeyFormProps) {
  const [key, setKey] = useState('');
  const [visible, setVisible] = useState(false);
  const id = useId();
  const Icon = visible ? EyeOff : Eye;
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (key.trim() !== '') submit(key.trim());
  }
  return (
    <form onSubmit={onSubmit} className="mt-5">
      <label htmlFor={id} className="text-ink-2">
        API key
      </label>
      <div className="relative mt-1.5">
        <input
          id={id}
          name="key"
          type={visible ? 'text' : 'password'}
          value={key}
          onChange={(event) => setKey(event.target.value)}
          autoComplete="current-password"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={`${id}-error`}
          placeholder="rsk_…"
          className="h-10 w-full rounded-md border border-line-strong bg-canvas pr-10 pl-3 font-mono text-14 placeholder:text-ink-3 aria-invalid:border-alarm"
        />
        <button
          type="button"
          onClick={() => setVisible(!visible)}
          className="absolute inset-y-1 right-1 grid w-8 place-items-center rounded-md text-ink-2 hover:text-ink"
        >
          <Icon aria-hidden="true" className="size-4" />
          <span className="sr-only">{visible ? 'Hide the key' : 'Show the key'}</span>
        </button>
      </div>
      <p id={`${id}-error`} role="alert" className="mt-2 min-h-5 text-12 text-alarm">
        {error}
      </p>
      <button
        type="submit"
        disabled={busy}
        className="mt-2 h-10 w-full rounded-md bg-ink font-medium text-canvas hover:opacity-90 disabled:cursor-default disabled:opacity-70"
      >
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
