import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { plotOptions } from './plot-options.ts';

interface PlotProps {
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  /** Moments at which no call could start. */
  readonly halted: readonly boolean[];
  /** A percentage, not a count. */
  readonly isShare: boolean;
  readonly label: string;
  /** The sample under the cursor, `null` when there is none. */
  readonly onPoint: (index: number | null) => void;
}

/** One line over time, drawn on a canvas that follows the size of its box and the theme. */
export function Plot({ times, values, halted, isShare, label, onPoint }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef({ halted, onPoint });
  const data = useRef<uPlot.AlignedData>([[], []]);
  shown.current = { halted, onPoint };
  data.current = [[...times], [...values]];

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const make = (): void => {
      plot.current?.destroy();
      const options = plotOptions(element, {
        isShare,
        halted: () => shown.current.halted,
        onPoint: (index) => shown.current.onPoint(index),
      });
      plot.current = new uPlot(options, data.current, element);
    };
    make();
    const sizes = new ResizeObserver(() => plot.current?.setSize(sizeOf(element)));
    sizes.observe(element);
    // The colours on the canvas are resolved once, so another theme, or data that grow stale, take a new canvas.
    const themes = new MutationObserver(make);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', make);
    return () => {
      sizes.disconnect();
      themes.disconnect();
      system.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [isShare]);

  useEffect(() => plot.current?.setData([[...times], [...values]]), [times, values]);

  return <div ref={box} role="img" aria-label={label} className="min-h-0 flex-1 overflow-hidden" />;
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: element.clientHeight };
}
