"use client";

import { KeyRoundIcon } from "lucide-react";
import { useMemo, useState } from "react";
import { columnsOf, DataTable } from "../data-table";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Empty } from "../ui/empty";
import { Usd } from "../usd";
import { EnabledSwitch } from "./enabled-switch";
import { type KeyActions, type KeyDialog, KeyDialogs, KeyMenu, type KeySurroundings } from "./key-actions";
import type { KeyRow, KeyState } from "./key-row";
import { LimitUsage } from "./limit-usage";

const column = columnsOf<KeyRow>();

const states: Record<KeyState, { label: string; variant: "success" | "outline" | "warning" } | null> = {
  active: null,
  disabled: { label: "Disabled", variant: "outline" },
  expired: { label: "Expired", variant: "warning" },
  limit: { label: "Limit reached", variant: "warning" },
};

/** The keys of one kind. Management keys spend nothing: their table has no amounts. */
export function KeyTable({
  kind,
  rows,
  actions,
  surroundings,
}: {
  kind: "inference" | "management";
  rows: KeyRow[];
  actions: KeyActions;
  surroundings: KeySurroundings;
}) {
  const spends = kind === "inference";
  const [dialog, setDialog] = useState<KeyDialog>();
  const columns = useMemo(() => columnsFor(spends, actions, setDialog), [spends, actions]);
  return (
    <>
      <KeyDialogs
        dialog={dialog}
        withLimit={spends}
        actions={actions}
        surroundings={surroundings}
        close={() => setDialog(undefined)}
      />
      <DataTable
        label={spends ? "API keys" : "Management keys"}
        columns={columns}
        rows={rows}
        rowId={({ hash }) => hash}
        empty={spends ? <NoKeys /> : <NoManagementKeys />}
      />
    </>
  );
}

const columnsFor = (spends: boolean, actions: KeyActions, open: (dialog: KeyDialog) => void) => [
  column.accessor("name", {
    header: "Key",
    meta: { heading: true, className: "min-w-44" },
    cell: ({ row }) => <KeyName row={row.original} spends={spends} />,
  }),
  ...(spends
    ? [
        column.accessor("spent", {
          header: "Used of its limit",
          meta: { className: "max-sm:hidden" },
          cell: ({ row }) => <LimitUsage {...row.original} />,
        }),
        column.accessor(({ usage }) => usage.monthly, {
          id: "usage",
          header: "Used lately",
          meta: { className: "max-sm:hidden" },
          cell: ({ row }) => <RecentUsage {...row.original} />,
        }),
      ]
    : []),
  column.accessor(({ lastUsedAt }) => lastUsedAt ?? undefined, {
    id: "lastUsed",
    header: "Last used",
    meta: { className: "max-sm:hidden" },
    sortUndefined: "last",
    cell: ({ row: { original } }) =>
      original.lastUsedAt ? (
        <LocalTime at={original.lastUsedAt} />
      ) : (
        <span className="text-muted-foreground">Not yet</span>
      ),
  }),
  column.display({
    id: "enabled",
    header: "Enabled",
    cell: ({ row }) => <EnabledSwitch row={row.original} setDisabled={actions.setDisabled} />,
  }),
  column.display({
    id: "menu",
    // Within reach where the table is wider than the screen.
    meta: { className: "sticky right-0 bg-background px-2 [th&]:bg-muted" },
    header: () => <span className="sr-only">What to do</span>,
    cell: ({ row }) => <KeyMenu row={row.original} open={open} />,
  }),
];

function RecentUsage({ usage, byok }: Pick<KeyRow, "usage" | "byok">) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-[13px] [&>dd]:text-right [&>dt]:text-muted-foreground">
      <dt>Today</dt>
      <dd>
        <Usd nanos={usage.daily} />
      </dd>
      <dt>Week</dt>
      <dd>
        <Usd nanos={usage.weekly} />
      </dd>
      <dt>Month</dt>
      <dd>
        <Usd nanos={usage.monthly} />
      </dd>
      {byok.total > 0n && (
        <>
          <dt title="What your own providers charged you, this month">Own keys</dt>
          <dd>
            <Usd nanos={byok.monthly} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** On a narrow screen also what has columns of its own on a wide one. */
function KeyName({ row, spends }: { row: KeyRow; spends: boolean }) {
  const { name, label, state, expiresAt, lastUsedAt } = row;
  const badge = states[state];
  return (
    <div className="grid gap-0.5">
      <span className="flex flex-wrap items-center gap-2 font-medium break-words">
        {name}
        {badge && <Badge variant={badge.variant}>{badge.label}</Badge>}
      </span>
      <code className="font-mono text-xs whitespace-nowrap text-muted-foreground">{label}</code>
      {expiresAt && (
        <span className="text-xs text-muted-foreground">
          {state === "expired" ? "Expired" : "Expires"} <LocalTime at={expiresAt} />
        </span>
      )}
      <div className="grid gap-0.5 sm:hidden">
        {spends && <LimitUsage {...row} />}
        {lastUsedAt && (
          <span className="text-xs text-muted-foreground">
            Last used <LocalTime at={lastUsedAt} />
          </span>
        )}
      </div>
    </div>
  );
}

function NoKeys() {
  return (
    <Empty icon={<KeyRoundIcon />} title="No keys yet">
      A key is what a program shows to be served. Make one for each program: then you see what each of them spends, and
      can give each a limit of its own or take one away without disturbing the others.
    </Empty>
  );
}

function NoManagementKeys() {
  return (
    <Empty icon={<KeyRoundIcon />} title="No management keys">
      A management key lets a program make, change and delete your API keys, and read your credits. It cannot call
      models.
    </Empty>
  );
}
