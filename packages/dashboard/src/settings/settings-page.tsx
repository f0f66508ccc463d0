import type { Permission } from '@ringside/protocol';
import { type ComponentType, useEffect, useRef } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useMay } from '../session/session-context.ts';
import { WorkspaceName } from '../session/workspace-name.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { classes } from '../ui/classes.ts';
import { useTitle } from '../ui/use-title.ts';
import { AccountsPage } from './accounts/accounts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { ControlPage } from './control/control-page.tsx';
import { DoNotCallPage } from './do-not-call/do-not-call-page.tsx';
import { KeysPage } from './keys/keys-page.tsx';
import { WorkspacesPage } from './workspaces/workspaces-page.tsx';

interface Section {
  readonly path: string;
  readonly title: string;
  readonly page: ComponentType;
}

const NEEDED: Permission = 'administer';

/** What admins set: who gets in, whose callbacks are believed, and what was changed. */
export function SettingsPage() {
  useTitle('Settings · Ringside');
  const sections = sectionsFor(useMay('host'));
  if (!useMay(NEEDED)) return <ForAdmins />;
  return (
    <>
      <header className="flex min-h-8 items-baseline gap-2.5">
        <h1 className="text-20 font-semibold tracking-tight">Settings</h1>
        <WorkspaceName className="truncate text-ink-2" />
      </header>
      <Tabs sections={sections} />
      <Switch>
        {sections.map(({ path, page }) => (
          <Route key={path} path={path} component={page} />
        ))}
        <Route path="/settings">
          <Redirect to="/settings/keys" replace />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </>
  );
}

function sectionsFor(isHost: boolean): readonly Section[] {
  return [
    { path: '/settings/keys', title: 'Keys', page: KeysPage },
    { path: '/settings/accounts', title: 'Provider accounts', page: AccountsPage },
    { path: '/settings/control', title: 'Control webhook', page: ControlPage },
    { path: '/settings/do-not-call', title: 'Do not call', page: DoNotCallPage },
    { path: '/settings/workspaces', title: isHost ? 'Workspaces' : 'Workspace', page: WorkspacesPage },
    { path: '/settings/audit', title: 'Audit log', page: AuditPage },
  ];
}

function Tabs({ sections }: { readonly sections: readonly Section[] }) {
  const [here] = useLocation();
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone not all of them fit.
    const shown = [...(tabs.current?.children ?? [])].find((tab) => tab.getAttribute('href') === here);
    shown?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here]);
  return (
    <nav ref={tabs} aria-label="Settings" className="mt-2 mb-5 flex gap-5 overflow-x-auto border-b border-line">
      {sections.map(({ path, title }) => (
        <Link
          key={path}
          href={path}
          aria-current={here === path ? 'page' : undefined}
          className={classes(
            '-mb-px flex h-10 items-center border-b-2 whitespace-nowrap focus-visible:-outline-offset-2',
            here === path ? 'border-progress font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
          )}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}

function ForAdmins() {
  return (
    <div className="grid min-h-[60dvh] place-items-center text-center">
      <div className="max-w-100">
        <h1 className="text-20 font-semibold">Settings are for admins</h1>
        <p className="mt-2 text-ink-2">
          Your key may look after campaigns only. Sign in with a key of the role admin, or ask somebody who has one.
        </p>
      </div>
    </div>
  );
}
