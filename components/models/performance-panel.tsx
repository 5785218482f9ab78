import { Table, TableBody, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { PerformanceCharts } from "./performance-charts";

/** Requests asked and failed; milliseconds to the first token and tokens a second, as medians. */
export type PerformanceFigures = {
  asked: number;
  failed: number;
  firstTokenMs: number | null;
  tokensPerSecond: number | null;
};

export type ProviderPerformance = {
  name: string;
  day: PerformanceFigures;
  /** Hours that had traffic; `at` is their begin in Unix milliseconds. */
  hours: (PerformanceFigures & { at: number })[];
};

export function PerformancePanel({ providers }: { providers: ProviderPerformance[] }) {
  return (
    <div className="grid gap-4">
      <PerformanceCharts providers={providers} />
      <Table label="Performance by provider">
        <TableHeader>
          <TableRow>
            <TableHead>Provider</TableHead>
            <TableHead className="text-right">Requests</TableHead>
            <TableHead className="text-right">First token</TableHead>
            <TableHead className="text-right">Throughput</TableHead>
            <TableHead className="text-right">Uptime</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {providers.map(({ name, day }) => (
            <TableRow key={name}>
              <th scope="row" className="px-3 py-2.5 text-left font-normal whitespace-nowrap sm:px-4">
                {name}
              </th>
              <TableNumber>{day.asked.toLocaleString("en")}</TableNumber>
              <TableNumber>{day.firstTokenMs === null ? "–" : milliseconds(day.firstTokenMs)}</TableNumber>
              <TableNumber>
                {day.tokensPerSecond === null ? "–" : `${tenths(day.tokensPerSecond)} tokens/s`}
              </TableNumber>
              <TableNumber>{uptime(day)}</TableNumber>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

const tenths = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });

const milliseconds = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${tenths(ms / 1000)} s`);

/** Rounded down: one failure among a million is not 100%. */
const uptime = ({ asked, failed }: PerformanceFigures) =>
  `${(Math.floor(((asked - failed) / asked) * 10_000) / 100).toLocaleString("en")}%`;
