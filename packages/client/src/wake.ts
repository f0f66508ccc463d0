/** Tells when the network comes back or a page is looked at again, where the runtime knows. @returns a function that ends it */
export function onWake(listener: () => void): () => void {
  const { document } = globalThis as { document?: Document };
  if (!document) return () => {};
  const seen = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  globalThis.addEventListener('online', listener);
  document.addEventListener('visibilitychange', seen);
  return () => {
    globalThis.removeEventListener('online', listener);
    document.removeEventListener('visibilitychange', seen);
  };
}
