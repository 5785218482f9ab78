/**
 * The value below which a share of what was counted lies, from counts by bucket: between two bounds as if they were spread
 * evenly, above the last bound that bound. Null where nothing was counted.
 */
export function percentile(counts: readonly number[], bounds: readonly number[], share: number): number | null {
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  if (wanted === 0) return null;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = bounds[bucket - 1] ?? 0;
      const to = bounds[bucket] ?? from;
      return from + ((wanted - below) / count) * (to - from);
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}
