import Link from "next/link";
import type { ModelRow } from "../models/model-row";
import { Price } from "../models/price";
import { TokenCount } from "../models/token-count";
import { Table, TableBody, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";

export function CheapestModels({ models }: { models: ModelRow[] }) {
  return (
    <Table label="The cheapest models">
      <TableHeader>
        <TableRow>
          <TableHead>Model</TableHead>
          <TableHead className="text-right max-sm:hidden">Context</TableHead>
          <TableHead className="text-right">Input / 1M</TableHead>
          <TableHead className="text-right">Output / 1M</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {models.map(({ slug, name, contextLength, prompt, completion }) => (
          <TableRow key={slug}>
            <th scope="row" className="px-3 py-2.5 text-left font-normal sm:px-4">
              <Link href={`/models/${slug}`} className="rounded-sm hover:underline hover:underline-offset-4">
                {name}
              </Link>
            </th>
            <TableNumber className="max-sm:hidden">
              <TokenCount tokens={contextLength} />
            </TableNumber>
            <TableNumber>
              <Price picos={prompt} />
            </TableNumber>
            <TableNumber>
              <Price picos={completion} />
            </TableNumber>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
