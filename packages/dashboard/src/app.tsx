import { type RingsideClient, RingsideError } from '@ringside/client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { CampaignPage } from './campaign/campaign-page.tsx';
import { ClientContext } from './client-context.ts';
import { PageBoundary } from './fault/page-boundary.tsx';
import { ListPage } from './list/list-page.tsx';
import { useRawLocation, useRawSearch } from './raw-location.ts';
import { readPathPart } from './readers.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { signInPath } from './session/sign-in-path.ts';
import { SharedPage } from './share/shared-page.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';
import { lazily } from './ui/lazily.tsx';

const SettingsPage = lazily(() => import('./settings/settings-page.tsx').then(({ SettingsPage }) => SettingsPage));
const NewPage = lazily(() => import('./new/new-page.tsx').then(({ NewPage }) => NewPage));

const MOST_RETRIES = 2;
const FIRST_WAIT_MS = 1_000;

export function App({ client }: { readonly client: RingsideClient }) {
  const [queries] = useState(makeQueries);
  return (
    <ClientContext value={client}>
      <QueryClientProvider client={queries}>
        <Router hook={useRawLocation} searchHook={useRawSearch}>
          <Switch>
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/s/:shareId">
              {({ shareId }) => <SharedPage key={shareId} shareId={readPathPart(shareId)} />}
            </Route>
            <Route>
              <Shell>
                <PageBoundary>
                  <Suspense>
                    <Pages />
                  </Suspense>
                </PageBoundary>
              </Shell>
            </Route>
          </Switch>
        </Router>
      </QueryClientProvider>
    </ClientContext>
  );
}

/** The pages of a signed-in reader. */
function Pages() {
  return (
    <Switch>
      <Route path="/" component={ListPage} />
      <Route path="/campaigns/:id">{({ id }) => <CampaignPage key={id} id={readPathPart(id)} />}</Route>
      <Route path="/new/*?" component={NewPage} />
      <Route path="/settings/*?" component={SettingsPage} />
      <Route component={NotFound} />
    </Switch>
  );
}

/** Whoever asks without being signed in is sent to the sign-in page, and back afterwards. */
function makeQueries(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isUnauthenticated(error) && location.pathname !== '/sign-in') navigate(signInPath(), { replace: true });
      },
    }),
    defaultOptions: {
      queries: {
        // Whether what is at hand is old would be read from this machine's clock, which may have been set.
        refetchOnMount: 'always',
        retry: (failures, error) => failures < MOST_RETRIES && mayPass(error),
        retryDelay: (failures, error) =>
          (error instanceof RingsideError && error.retryAfterMs) || FIRST_WAIT_MS * 2 ** failures,
      },
    },
  });
}

/** Whether the same request may be answered in a moment: there was no answer, or it asks to wait. */
function mayPass(error: Error): boolean {
  return !(error instanceof RingsideError) || error.status === null || error.retryAfterMs !== null;
}

function isUnauthenticated(error: Error): boolean {
  return error instanceof RingsideError && error.code === 'unauthenticated';
}
