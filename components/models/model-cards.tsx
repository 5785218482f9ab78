"use client";

import Link from "next/link";
import { memo } from "react";
import { Checkbox } from "../ui/checkbox";
import type { ModelRow } from "./model-row";
import type { ModelListProps } from "./model-table";
import { Price } from "./price";
import { TokenCount } from "./token-count";

export function ModelCards({ models, compared, full, toggle }: ModelListProps) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {models.map((model) => {
        const chosen = compared.includes(model.slug);
        return <ModelCard key={model.slug} model={model} chosen={chosen} disabled={full && !chosen} toggle={toggle} />;
      })}
    </ul>
  );
}

const ModelCard = memo(function ModelCard({
  model,
  chosen,
  disabled,
  toggle,
}: {
  model: ModelRow;
  chosen: boolean;
  disabled: boolean;
  toggle: (slug: string) => void;
}) {
  return (
    <li className="relative flex flex-col gap-3 rounded-lg border bg-card p-4 transition-colors hover:border-input">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <Link
            href={`/models/${model.slug}`}
            prefetch={false}
            data-model=""
            className="rounded-sm text-sm font-medium after:absolute after:inset-0"
          >
            {model.name}
          </Link>
          <div className="truncate font-mono text-xs text-muted-foreground">{model.slug}</div>
        </div>
        <Checkbox
          className="relative z-10"
          checked={chosen}
          disabled={disabled}
          onCheckedChange={() => toggle(model.slug)}
          aria-label={`Compare ${model.name}`}
        />
      </div>
      {model.description && <p className="line-clamp-2 text-[13px] text-muted-foreground">{model.description}</p>}
      <dl className="mt-auto grid grid-cols-3 gap-2 text-[13px]">
        <Fact name="Context">
          <TokenCount tokens={model.contextLength} />
        </Fact>
        <Fact name="Input / 1M">
          <Price picos={model.prompt} />
        </Fact>
        <Fact name="Output / 1M">
          <Price picos={model.completion} />
        </Fact>
      </dl>
    </li>
  );
});

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted-foreground">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
