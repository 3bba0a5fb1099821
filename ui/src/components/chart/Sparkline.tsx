/** Up to sixty points as one path; null breaks the line. */
export function Sparkline({ points, name }: { points: (number | null)[]; name: string }) {
  const values = points.filter((point): point is number => point !== null);
  const max = Math.max(1, ...values);
  let pen = "M";
  const path = points
    .map((point, index) => {
      if (point === null) {
        pen = "M";
        return "";
      }
      const step = `${pen}${index} ${(16 - (15 * point) / max).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join(" ");
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${Math.max(1, points.length - 1)} 16`}
      preserveAspectRatio="none"
      role="img"
      aria-label={name}
    >
      <path d={path} />
    </svg>
  );
}
