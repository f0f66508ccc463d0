const MEANING =
  'Callbacks named this campaign, but nobody registered it: its total is unknown. Register it with POST /v1/campaigns.';

/** @param brief a mark instead of the word where the window is narrow */
export function UnregisteredTag({ brief = false }: { readonly brief?: boolean }) {
  return (
    <span
      title={MEANING}
      className="relative z-[1] ml-2 inline-block rounded border border-dashed border-line-strong px-1.5 text-12 text-ink-2"
    >
      {brief && (
        <span aria-hidden="true" className="lg:hidden">
          ?
        </span>
      )}
      <span className={brief ? 'max-lg:sr-only' : undefined}>unregistered</span>
    </span>
  );
}
