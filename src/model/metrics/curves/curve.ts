/** A point of a curve: both between 0 and 1. */
export type CurvePoint = readonly [x: number, y: number];

/** As many points as a figure can show. */
const MAX_POINTS = 200;

/** Leaves out points that lie on the line between their neighbours, and then as many as a figure cannot show. */
export function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const corners = points.filter((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    return before === undefined || after === undefined || !isBetween(before, point, after);
  });
  if (corners.length <= MAX_POINTS) return corners;
  const step = (corners.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, index) => corners[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

function isBetween([ax, ay]: CurvePoint, [bx, by]: CurvePoint, [cx, cy]: CurvePoint): boolean {
  return (bx - ax) * (cy - by) === (by - ay) * (cx - bx);
}
