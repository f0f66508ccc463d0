import type { CallDelivery, CallEvent, Delivery } from '../event.ts';

/** How often each trap came up, so that a generator that stopped producing one is seen. */
export function traps(list: readonly Delivery[]): string[] {
  const found: string[] = [];
  const calls = list.filter((delivery) => delivery.about === 'call');
  const ends = calls.filter((delivery) => delivery.events.some((event) => event.type === 'ended'));
  const names = (delivery: CallDelivery) => delivery.aliases.map((alias) => alias.id);
  const pairs = ends.flatMap((a, i) => ends.slice(i + 1).map((b) => [a, b] as const));
  if (pairs.some(([a, b]) => a.hash !== b.hash && names(a).some((id) => names(b).includes(id))))
    found.push('conflicting ends');
  if (calls.some((a, i) => calls.slice(i).some((b) => a !== b && a.hash === b.hash))) found.push('redelivery');
  if (calls.some((a, i) => a.contactId && i > 0 && calls.slice(0, i).some((b) => b.to === a.to && !b.contactId)))
    found.push('late contact id');
  if (list.some((delivery) => delivery.about === 'campaign' && delivery.type === 'change'))
    found.push('campaign events');
  if (list.some((delivery) => delivery.about === 'campaign' && delivery.at > delivery.receivedAt))
    found.push('command dated ahead of the clock');
  if (calls.some((a) => a.events.some((event) => event.type === 'machine'))) found.push('machine verdict');
  if (calls.some((a) => a.events.some((event) => event.type === 'lead'))) found.push('lead verdict');
  const isLost = (event: CallEvent) => event.type === 'ended' && event.end.status === 'lost';
  if (
    pairs.some(
      ([a, b]) => a.events.some(isLost) !== b.events.some(isLost) && names(a).some((id) => names(b).includes(id)),
    )
  )
    found.push('lost and hangup');
  if (
    ends.some(
      (a) =>
        a.events.length === 3 &&
        a.events.some((event) => event.type === 'ended' && [7011, 8011].includes(event.end.code ?? 0)),
    )
  )
    found.push('fault after pick-up');
  if (calls.some((a) => calls.some((b) => a.to === '+919876543210' && b.to === '919876543210')))
    found.push('spellings of a number');
  if (
    calls.some(
      (a) => a.aliases.length === 2 && calls.some((b) => b.aliases.length === 1 && b.aliases[0]?.kind === 'call'),
    )
  )
    found.push('two ids of one call');
  const times = list.flatMap((delivery) =>
    delivery.about === 'call' ? delivery.events.map((event) => event.at) : [delivery.at],
  );
  if (new Set(times).size < times.length) found.push('equal timestamps');
  return [...found, ...dialingTraps(list)];
}

function dialingTraps(list: readonly Delivery[]): string[] {
  const campaign = list.filter((delivery) => delivery.about === 'campaign');
  const facts = campaign.flatMap((delivery) => (delivery.type === 'facts' ? [delivery.facts] : []));
  if (!facts.some(({ dialer }) => dialer === 'built-in')) return [];
  const found = {
    'dialed by Ringside': true,
    'retry that the dialer decided': list.some(
      (delivery) => delivery.about === 'call' && delivery.events.some(({ type }) => type === 'retry'),
    ),
    'several holds': campaign.filter(({ type }) => type === 'hold').length > 1,
    'calling hours': facts.some(({ windows }) => windows !== undefined),
    'excluded contacts': facts.some(({ listExcluded }) => listExcluded !== undefined),
    'timed pause': campaign.some((delivery) => delivery.type === 'change' && delivery.until !== undefined),
  };
  return Object.entries(found).flatMap(([trap, is]) => (is ? [trap] : []));
}
