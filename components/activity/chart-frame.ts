/** What the charts of activity have in common. Everything in them is UTC, as the sums are. */
export const chartFrame = {
  axis: { tickLine: false, tick: { fill: "var(--muted-foreground)" } },
  tooltip: {
    contentStyle: {
      background: "var(--popover)",
      border: "1px solid var(--border)",
      borderRadius: 6,
      padding: "6px 10px",
    },
    itemStyle: { color: "var(--popover-foreground)", padding: 0 },
  },
} as const;

const DAY_MS = 86_400_000;

const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
const day = utc({ day: "numeric", month: "short" });
const hour = utc({ hour: "2-digit", minute: "2-digit" });
const moment = utc({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const stepTick = (at: number, stepMs: number): string => (stepMs < 6 * 3_600_000 ? hour : day).format(at);

export const stepName = (at: number, stepMs: number): string =>
  stepMs >= DAY_MS ? `${day.format(at)}, UTC` : `${moment.format(at)} to ${hour.format(at + stepMs)} UTC`;
