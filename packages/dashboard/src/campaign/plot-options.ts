import type uPlot from 'uplot';
import { formatMinute } from '../format.ts';

/** Before there is more, three minutes are as wide as the chart, so that a few points are not stretched. */
const LEAST_SPAN_SECONDS = 180;
const LEAST_SHARE_SPAN = 10;
const FONT = '11px "Inter Variable", sans-serif';
const HATCH_PX = 7;

interface PlotBehaviour {
  /** A percentage, which may be far from zero; counts begin at zero. */
  readonly isShare: boolean;
  readonly halted: () => readonly boolean[];
  readonly onPoint: (index: number | null) => void;
}

/** How a line looks: no grid noise, two ticks a side, the cursor shared with the other charts of the page. */
export function plotOptions(element: HTMLElement, { isShare, halted, onPoint }: PlotBehaviour): uPlot.Options {
  const colour = (name: string): string => resolved(element, name);
  const line = colour('--progress-fill');
  const muted = colour('--ink-3');
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: 'campaign' }, y: false, drag: { setScale: false }, points: { size: 7, fill: line } },
    scales: {
      x: { time: true, range: (_plot, min, max) => [min, Math.max(max, min + LEAST_SPAN_SECONDS)] },
      y: { range: (_plot, min, max) => (isShare ? shareRange(min, max) : [0, Math.max(4, (max ?? 0) * 1.15)]) },
    },
    series: [
      {},
      { stroke: line, width: 1.5, points: { show: false }, ...(isShare ? {} : { fill: translucent(line) }) },
    ],
    axes: [
      {
        stroke: muted,
        font: FONT,
        size: 20,
        gap: 2,
        space: 64,
        incrs: [60, 300, 600, 900, 1800, 3600],
        grid: { show: false },
        ticks: { show: false },
        values: (_plot, splits) => splits.map((at) => formatMinute(at * 1000, at * 1000)),
      },
      {
        stroke: muted,
        font: FONT,
        size: 34,
        gap: 4,
        space: 34,
        grid: { stroke: colour('--line'), width: 1 },
        ticks: { show: false },
      },
    ],
    hooks: {
      drawClear: [(plot) => hatch(plot, halted(), colour('--line-strong'))],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
    },
  };
}

/** At least ten points high, so that a wobble of tenths does not look like a fall. */
function shareRange(min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 100];
  const room = Math.max(LEAST_SHARE_SPAN - (max - min), 2) / 2;
  return [Math.max(0, Math.floor(min - room)), Math.min(100, Math.ceil(max + room))];
}

/** Stretches in which no call could start, hatched. */
function hatch(plot: uPlot, halted: readonly boolean[], colour: string): void {
  const { ctx, bbox, data } = plot;
  const times = data[0];
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.beginPath();
  halted.forEach((isHalted, index) => {
    const [from, to] = [times[index], times[index + 1]];
    if (isHalted && from !== undefined && to !== undefined) {
      const left = plot.valToPos(from, 'x', true);
      ctx.rect(left, bbox.top, plot.valToPos(to, 'x', true) - left, bbox.height);
    }
  });
  ctx.clip();
  ctx.beginPath();
  const step = HATCH_PX * devicePixelRatio;
  for (let x = bbox.left; x < bbox.left + bbox.width + bbox.height; x += step) {
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x - bbox.height, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** A canvas does not know light-dark() or variables: the browser resolves them on an element. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function translucent(colour: string): string {
  return `color-mix(in oklab, ${colour} 14%, transparent)`;
}
