/** What so many per cent of an endpoint's answers were at least as good as. */
type Percentiles = { p50: number; p75: number; p90: number; p99: number };

/** Seconds to the first token, and tokens a second after it; undefined where nothing was measured. */
export type Speed = { latency?: Percentiles; throughput?: Percentiles };
