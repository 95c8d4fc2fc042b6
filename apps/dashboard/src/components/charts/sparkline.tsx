interface Props {
  values: readonly number[];
  className?: string;
}

const WIDTH = 100;
const HEIGHT = 24;

/** A small chart behind a number. The number is also text, so screen readers skip the chart. */
export function Sparkline({ values, className }: Props) {
  const most = Math.max(...values);
  if (values.length < 2 || most <= 0) return null;
  const step = WIDTH / (values.length - 1);
  const points = values.map(
    (value, index) => `${(index * step).toFixed(2)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(2)}`,
  );
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={className} aria-hidden="true">
      <polygon points={`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} fill="var(--chart-1)" opacity="0.1" />
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.25"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </svg>
  );
}
