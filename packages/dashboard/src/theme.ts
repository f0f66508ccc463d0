import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from './readers.ts';

/** What the person chose; `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'ringside.theme';
const order: readonly Theme[] = ['system', 'light', 'dark'];
const CHANGED = 'ringside-theme';

/** Puts the remembered choice on the page; called once, before anything is drawn. */
export function applyTheme(): void {
  const theme = readTheme();
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
}

/** The present choice, and what takes the next one. */
export function useTheme(): { readonly theme: Theme; readonly next: () => void } {
  const theme = useSyncExternalStore(subscribe, readTheme);
  return {
    theme,
    next: () => {
      writeStored(KEY, order[(order.indexOf(theme) + 1) % order.length] ?? 'system');
      applyTheme();
      dispatchEvent(new Event(CHANGED));
    },
  };
}

function readTheme(): Theme {
  const stored = readStored(KEY);
  return order.find((theme) => theme === stored) ?? 'system';
}

function subscribe(listener: () => void): () => void {
  addEventListener(CHANGED, listener);
  return () => removeEventListener(CHANGED, listener);
}
