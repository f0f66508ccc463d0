import type { CampaignSummary } from '@ringside/protocol';
import { Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { formatCount } from '../format.ts';
import type { Moment } from '../readers.ts';
import { classes } from '../ui/classes.ts';
import { type Filter, filterNames, filters } from './list-order.ts';

interface ToolbarProps {
  readonly campaigns: readonly CampaignSummary[];
  readonly now: Moment;
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  readonly search: string;
  readonly setSearch: (search: string) => void;
}

/** Narrows the list. `/` goes to the search, Escape empties it. */
export function Toolbar({ campaigns, now, filter, setFilter, search, setSearch }: ToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  useSlash(() => input.current?.focus());
  return (
    <div className="my-4 flex flex-wrap items-center justify-between gap-3">
      <fieldset className="flex min-w-0 gap-1 overflow-x-auto rounded-panel border border-line bg-surface p-0.5 max-sm:w-full">
        <legend className="sr-only">Status</legend>
        {filterNames.map((name) => (
          <FilterButton
            key={name}
            name={name}
            count={campaigns.filter((campaign) => filters[name].holds(campaign, now)).length}
            pressed={name === filter}
            press={() => setFilter(name)}
          />
        ))}
      </fieldset>
      <div className="relative w-full sm:w-40 lg:w-64">
        <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-ink-3" />
        <input
          ref={input}
          type="search"
          aria-label="Search campaigns by name or id"
          placeholder="Search name or id"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
          className="h-9 w-full rounded-panel border border-line bg-surface pr-9 pl-8.5 placeholder:text-ink-3 hover:border-line-strong [&::-webkit-search-cancel-button]:hidden"
        />
        <kbd className="pointer-events-none absolute top-2 right-2 rounded border border-line px-1.5 font-sans text-12 text-ink-3 max-sm:hidden">
          /
        </kbd>
      </div>
    </div>
  );
}

interface FilterButtonProps {
  readonly name: Filter;
  readonly count: number;
  readonly pressed: boolean;
  readonly press: () => void;
}

/** A group without campaigns is left out, unless it is the one that is shown. */
function FilterButton({ name, count, pressed, press }: FilterButtonProps) {
  if (count === 0 && !pressed && name !== 'all') return null;
  const isUrgent = name === 'needs-you' && count > 0;
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={press}
      className={classes(
        'h-7.5 rounded-md px-2.5 whitespace-nowrap text-ink-2 hover:text-ink',
        pressed && 'bg-raised font-medium text-ink',
      )}
    >
      {filters[name].label}{' '}
      <span className={classes('text-12 font-normal', isUrgent ? 'text-alarm' : 'text-ink-3')}>
        {formatCount(count)}
      </span>
    </button>
  );
}

function useSlash(run: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || isTyping || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
