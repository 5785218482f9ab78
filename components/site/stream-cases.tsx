import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "../ui/table";

const cases = [
  ["A provider fails before its first word", "the next provider's answer", "the one that answered"],
  ["A provider fails in the middle", "what came, and the error as the last event", "what came"],
  ["The caller hangs up", "nothing more; the upstream is told to stop", "the prompt, and what had come by then"],
  ["The server is restarted", "the running answer to its end", "as ever"],
  ["The server's process dies", "a broken connection", "the last checkpoint, when the hold expires"],
];

export function StreamCases() {
  return (
    <Table label="What happens to a stream, and what is charged">
      <TableHeader>
        <TableRow>
          <TableHead>What happens</TableHead>
          <TableHead>The caller gets</TableHead>
          <TableHead>Charged</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {cases.map(([what, gets, charged]) => (
          <TableRow key={what}>
            <th scope="row" className="min-w-40 px-4 py-2.5 text-left font-normal">
              {what}
            </th>
            <TableCell className="min-w-40 text-muted-foreground">{gets}</TableCell>
            <TableCell className="min-w-40 text-muted-foreground">{charged}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
