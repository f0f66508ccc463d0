import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from '../theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

/** Takes turns: as the device, light, dark. */
export function ThemeButton() {
  const { theme, next } = useTheme();
  const Icon = icons[theme];
  return (
    <button
      type="button"
      onClick={next}
      className="inline-flex h-8 items-center gap-2 rounded-md px-2 text-12 text-ink-2 hover:bg-raised hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-4" />
      Theme: {theme}
    </button>
  );
}
