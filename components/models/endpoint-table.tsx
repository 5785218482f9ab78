import { Fragment } from "react";
import { Badge } from "../ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import type { EndpointRow } from "./endpoint-row";
import { Price } from "./price";
import { TokenCount } from "./token-count";

/** What each provider asks for the model; a dash where it has no price of its own and the token is billed as any other. */
export function EndpointTable({ endpoints }: { endpoints: EndpointRow[] }) {
  return (
    <Table label="Providers and their prices">
      <caption className="sr-only">Prices in US dollars per million tokens</caption>
      <TableHeader>
        <TableRow>
          <TableHead>Provider</TableHead>
          <TableHead className="text-right">Input</TableHead>
          <TableHead className="text-right">Output</TableHead>
          <TableHead className="text-right">Cache read</TableHead>
          <TableHead className="text-right">Cache write</TableHead>
          <TableHead className="text-right">Context</TableHead>
          <TableHead className="text-right">Most output</TableHead>
          <TableHead>Prompts</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {endpoints.map(({ id, provider, isServed, prices, contextLength, maxOutput, prompts }) => (
          <Fragment key={id}>
            <TableRow>
              <th scope="row" className="px-3 py-2.5 text-left font-normal whitespace-nowrap sm:px-4">
                {provider} {!isServed && <Badge className="ml-1.5">No key</Badge>}
              </th>
              <Prices of={prices} />
              <TableNumber>
                <TokenCount tokens={contextLength} />
              </TableNumber>
              <TableNumber>
                <TokenCount tokens={maxOutput} />
              </TableNumber>
              <TableCell className="whitespace-nowrap text-muted-foreground">{prompts}</TableCell>
            </TableRow>
            {prices.tiers.map((tier) => (
              <TableRow key={tier.above} className="text-muted-foreground">
                <th
                  scope="row"
                  className="px-3 py-2 text-left text-[13px] font-normal whitespace-nowrap sm:pr-4 sm:pl-8"
                >
                  Prompts above {tier.above.toLocaleString("en")} tokens
                </th>
                <Prices of={tier} />
                <TableCell colSpan={3} />
              </TableRow>
            ))}
          </Fragment>
        ))}
      </TableBody>
    </Table>
  );
}

function Prices({ of }: { of: Pick<EndpointRow["prices"], "prompt" | "completion" | "cacheRead" | "cacheWrite"> }) {
  return [of.prompt, of.completion, of.cacheRead, of.cacheWrite].map((picos, column) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: four columns that never move
    <TableNumber key={column}>
      <Price picos={picos} />
    </TableNumber>
  ));
}
