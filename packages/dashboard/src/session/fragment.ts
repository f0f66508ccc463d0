/**
 * Takes what stands behind the `#` out of the address, so that a secret stays neither there nor in the history.
 * @returns it without the `#`, empty when there is nothing
 */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
}
