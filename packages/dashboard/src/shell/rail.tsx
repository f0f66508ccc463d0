import { LayoutList, LogOut, type LucideIcon, Monitor, Moon, Settings, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../session/session-context.ts';
import { useTheme } from '../theme.ts';
import { classes } from '../ui/classes.ts';
import { LogoMark } from './logo.tsx';

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

const item =
  'group relative grid place-items-center rounded-panel text-ink-2 hover:bg-raised hover:text-ink max-sm:h-12 max-sm:flex-1 sm:size-10';

/** The way around: a rail at the left, on phones a bar at the bottom. */
export function Rail({ signOut }: { readonly signOut: () => void }) {
  const [path] = useLocation();
  const { theme, next } = useTheme();
  const isList = path === '/' || path.startsWith('/campaigns/');
  return (
    <nav
      aria-label="Main"
      className="fixed z-30 flex border-line bg-surface max-sm:inset-x-0 max-sm:bottom-0 max-sm:border-t max-sm:px-2 max-sm:py-1 max-sm:pb-[max(4px,env(safe-area-inset-bottom))] sm:inset-y-0 sm:left-0 sm:w-14 sm:flex-col sm:items-center sm:gap-1 sm:border-r sm:py-3"
    >
      <Link href="/" className="mb-3 grid size-10 place-items-center rounded-panel max-sm:hidden">
        <LogoMark className="size-6" />
        <span className="sr-only">Ringside</span>
      </Link>
      <Link
        href="/"
        aria-current={path === '/' ? 'page' : undefined}
        className={classes(item, isList && 'bg-raised text-ink')}
      >
        <Content icon={LayoutList}>Campaigns</Content>
      </Link>
      {useMay('administer') && (
        <Link
          href="/settings"
          aria-current={path.startsWith('/settings') ? 'page' : undefined}
          className={classes(item, path.startsWith('/settings') && 'bg-raised text-ink')}
        >
          <Content icon={Settings}>Settings</Content>
        </Link>
      )}
      <div className="flex-1 max-sm:hidden" />
      <button type="button" onClick={next} className={item}>
        <Content icon={themeIcons[theme]}>
          Theme<span className="max-sm:sr-only">: {theme}</span>
        </Content>
      </button>
      <button type="button" onClick={signOut} className={item}>
        <Content icon={LogOut}>Sign out</Content>
      </button>
    </nav>
  );
}

/** An icon with its label: below it on phones, beside it on hover and focus elsewhere. */
function Content({ icon: Icon, children }: { readonly icon: LucideIcon; readonly children: ReactNode }) {
  return (
    <>
      <Icon aria-hidden="true" className="size-[18px]" />
      <span className="text-12 max-sm:-mt-1 sm:pointer-events-none sm:absolute sm:left-full sm:ml-2 sm:rounded-md sm:bg-overlay sm:px-2 sm:py-1 sm:whitespace-nowrap sm:text-on-overlay sm:opacity-0 sm:transition-opacity sm:duration-150 sm:group-hover:opacity-100 sm:group-focus-visible:opacity-100">
        {children}
      </span>
    </>
  );
}
