"use client";

import {
  type ColumnDef,
  createColumnHelper,
  createSortedRowModel,
  type Header,
  metaHelper,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDownIcon, ArrowUpIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "./ui/table";

/** `number` aligns to the right with figures of one width; `heading` makes the cell its row's name. */
type ColumnMeta = { number?: boolean; heading?: boolean; className?: string };

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnMeta: metaHelper<ColumnMeta>(),
});

type Features = typeof features;
type Columns<Row extends RowData> = ColumnDef<Features, Row>[];

/** Columns of a `DataTable`, to be made once outside a component. `enableSorting: false` for one that has no order. */
export const columnsOf = <Row extends RowData>() => createColumnHelper<Features, Row>();

/** Rows that are all there, sorted in the browser. `label` names the table, `empty` stands in its place without rows. */
export function DataTable<Row extends RowData>({
  label,
  columns,
  rows,
  rowId,
  empty,
  className,
}: {
  label: string;
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<Features, Row, any>[];
  rows: Row[];
  rowId: (row: Row) => string;
  empty: ReactNode;
  className?: string;
}) {
  const table = useTable({ features, columns: columns as Columns<Row>, data: rows, getRowId: rowId });
  if (rows.length === 0) return empty;
  return (
    <Table label={label} className={className}>
      <TableHeader>
        {table.getHeaderGroups().map((group) => (
          <TableRow key={group.id}>
            {group.headers.map((header) => (
              <SortableHead key={header.id} header={header}>
                {header.isPlaceholder ? null : <table.FlexRender header={header} />}
              </SortableHead>
            ))}
          </TableRow>
        ))}
      </TableHeader>
      <TableBody>
        {table.getRowModel().rows.map((row) => (
          <TableRow key={row.id}>
            {row.getAllCells().map((cell) => {
              const { number, heading, className } = cell.column.columnDef.meta ?? {};
              const classes = cn(number && "text-right whitespace-nowrap tabular-nums", className);
              const content = <table.FlexRender cell={cell} />;
              if (!heading)
                return (
                  <TableCell key={cell.id} className={classes}>
                    {content}
                  </TableCell>
                );
              return (
                <th key={cell.id} scope="row" className={cn("px-3 py-2.5 text-left font-normal sm:px-4", classes)}>
                  {content}
                </th>
              );
            })}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function SortableHead<Row extends RowData>({
  header,
  children,
}: {
  header: Header<Features, Row>;
  children: ReactNode;
}) {
  const { number, className } = header.column.columnDef.meta ?? {};
  const sorted = header.column.getIsSorted();
  const classes = cn(number && "text-right", className);
  if (!header.column.getCanSort()) return <TableHead className={classes}>{children}</TableHead>;
  const Arrow = sorted === "desc" ? ArrowDownIcon : ArrowUpIcon;
  return (
    <TableHead className={classes} aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}>
      <button
        type="button"
        onClick={header.column.getToggleSortingHandler()}
        className={cn(
          "group -mx-1 inline-flex cursor-pointer items-center gap-1 rounded-sm px-1 outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
          number && "flex-row-reverse",
          sorted && "text-foreground",
        )}
      >
        {children}
        <Arrow className={cn("size-3", !sorted && "opacity-0 group-hover:opacity-50")} aria-hidden="true" />
      </button>
    </TableHead>
  );
}
