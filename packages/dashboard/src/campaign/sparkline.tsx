import type { Sample } from './samples.ts';

const WIDTH = 100;
const HEIGHT = 16;
const SHOWN = 60;

interface SparklineProps {
  readonly samples: readonly Sample[];
  /** What the full height stands for. */
  readonly limit: number;
}

/** Live calls of the last five minutes in which this page was open. */
export function Sparkline({ samples, limit }: SparklineProps) {
  const shown = samples.slice(-SHOWN);
  const most = Math.max(limit, ...shown.map(({ activeCalls }) => activeCalls ?? 0), 1);
  const step = WIDTH / SHOWN;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block h-4 w-full text-progress-fill"
    >
      <path d={`M0 ${HEIGHT - 0.25}H${WIDTH}`} className="stroke-line" strokeWidth="0.5" />
      {shown.map(({ at, activeCalls }, index) => {
        const height = (HEIGHT * (activeCalls ?? 0)) / most;
        const x = WIDTH - (shown.length - index) * step;
        return <rect key={at} x={x} y={HEIGHT - height} width={step * 0.7} height={height} fill="currentColor" />;
      })}
    </svg>
  );
}
