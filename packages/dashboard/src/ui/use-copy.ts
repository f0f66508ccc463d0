import { useState } from 'react';

const SHOWN_MS = 1_600;

/** Puts a text on the clipboard. A page that did not come over HTTPS has none to write to, and a
 * browser may forbid it: then it copies a selection. */
export function useCopy(): { readonly copied: boolean; readonly copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false);
  async function copy(text: string): Promise<void> {
    const isWritten = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (!isWritten) copySelected(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  }
  return { copied, copy };
}

function copySelected(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr-only';
  // Beside the button that was pressed: an open dialog lets nothing outside of it be selected.
  const { activeElement } = document;
  activeElement?.after(field);
  field.select();
  document.execCommand('copy');
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus();
}
