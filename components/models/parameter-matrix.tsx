import { CheckIcon } from "lucide-react";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";
import type { EndpointRow } from "./endpoint-row";

/** Which request fields each provider takes for the model: a list where there is one provider, else a table. */
export function ParameterMatrix({ endpoints }: { endpoints: EndpointRow[] }) {
  const all = [...new Set(endpoints.flatMap(({ parameters }) => parameters))].sort();
  if (endpoints.length === 1)
    return (
      <ul className="flex flex-wrap gap-1.5">
        {all.map((parameter) => (
          <li key={parameter} className="rounded-sm border bg-card px-2 py-0.5 font-mono text-xs">
            {parameter}
          </li>
        ))}
      </ul>
    );
  return (
    <Table label="Supported parameters by provider">
      <TableHeader>
        <TableRow>
          <TableHead>Parameter</TableHead>
          {endpoints.map(({ id, provider }) => (
            <TableHead key={id} className="text-center">
              {provider}
            </TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {all.map((parameter) => (
          <TableRow key={parameter}>
            <th scope="row" className="px-3 py-1.5 text-left font-mono text-xs font-normal sm:px-4">
              {parameter}
            </th>
            {endpoints.map(({ id, parameters }) => (
              <TableCell key={id} className="py-1.5 text-center">
                {parameters.includes(parameter) ? (
                  <>
                    <CheckIcon className="mx-auto size-4 text-brand" aria-hidden="true" />
                    <span className="sr-only">yes</span>
                  </>
                ) : (
                  <span className="text-muted-foreground">–</span>
                )}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
