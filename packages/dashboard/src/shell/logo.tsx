import { classes } from '../ui/classes.ts';

/** The mark: a call as bars of sound. */
export function LogoMark({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className={classes('text-progress', className)}>
      <path
        d="M4.5 14.5v-5M9.5 18.5v-13M14.5 16V8M19.5 13.5v-3"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Logo({ className }: { readonly className?: string }) {
  return (
    <p className={classes('flex items-center gap-2 font-semibold tracking-tight', className)}>
      <LogoMark className="size-6" />
      Ringside
    </p>
  );
}
