import { CheckIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";
import type { EndpointRow } from "./endpoint-row";
import type { ModelRow } from "./model-row";
import { Price } from "./price";
import { TokenCount } from "./token-count";

export type ComparedModel = ModelRow & { cheapest: EndpointRow };

const lines: [name: string, value: (model: ComparedModel) => ReactNode][] = [
  ["Cheapest provider", ({ cheapest }) => cheapest.provider],
  ["Input", ({ cheapest }) => <Price picos={cheapest.prices.prompt} />],
  ["Output", ({ cheapest }) => <Price picos={cheapest.prices.completion} />],
  ["Cache read", ({ cheapest }) => <Price picos={cheapest.prices.cacheRead} />],
  ["Cache write", ({ cheapest }) => <Price picos={cheapest.prices.cacheWrite} />],
  ["Context", ({ contextLength }) => <TokenCount tokens={contextLength} />],
  ["Most output", ({ maxOutput }) => <TokenCount tokens={maxOutput} />],
  ["Takes", ({ input }) => input.join(", ")],
  ["Answers in", ({ output }) => output.join(", ")],
  ["Reasoning", ({ reasoning }) => <YesNo yes={reasoning} />],
];

/** Up to four models side by side: figures first, then what each of them takes. */
export function ComparisonTable({ models }: { models: ComparedModel[] }) {
  const parameters = [...new Set(models.flatMap((model) => model.parameters))].sort();
  return (
    <Table label="Models side by side">
      <TableHeader>
        <TableRow>
          <TableHead className="w-44">
            <span className="sr-only">What is compared</span>
          </TableHead>
          {models.map(({ slug, name }) => (
            <TableHead key={slug} className="min-w-36 py-2.5 text-foreground">
              <Link href={`/models/${slug}`} className="rounded-sm hover:underline hover:underline-offset-4">
                {name}
              </Link>
            </TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {lines.map(([name, value]) => (
          <TableRow key={name}>
            <RowName>{name}</RowName>
            {models.map((model) => (
              <TableCell key={model.slug}>{value(model)}</TableCell>
            ))}
          </TableRow>
        ))}
        {parameters.map((parameter) => (
          <TableRow key={parameter}>
            <RowName>
              <code className="text-xs">{parameter}</code>
            </RowName>
            {models.map((model) => (
              <TableCell key={model.slug} className="py-1.5">
                <YesNo yes={model.parameters.includes(parameter)} />
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const RowName = ({ children }: { children: ReactNode }) => (
  <th scope="row" className="px-3 py-1.5 text-left text-[13px] font-normal text-muted-foreground sm:px-4">
    {children}
  </th>
);

const YesNo = ({ yes }: { yes: boolean }) =>
  yes ? (
    <>
      <CheckIcon className="size-4 text-brand" aria-hidden="true" />
      <span className="sr-only">yes</span>
    </>
  ) : (
    <span className="text-muted-foreground">
      –<span className="sr-only"> no</span>
    </span>
  );
