"use client";

import { LayoutGridIcon, Rows3Icon, SearchIcon, SearchXIcon, SlidersHorizontalIcon } from "lucide-react";
import { useQueryStates } from "nuqs";
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle, SheetTrigger } from "../ui/sheet";
import { ToggleGroup, ToggleGroupItem } from "../ui/toggle-group";
import { CompareBar } from "./compare-bar";
import { ModelCards } from "./model-cards";
import { type FilterChange, ModelFilters } from "./model-filters";
import type { ModelRow } from "./model-row";
import { countFilters, MOST_COMPARED, modelSearch, type Sorting, searchModels, sortings } from "./model-search";
import { ModelTable } from "./model-table";

const sortingNames: Record<Sorting, string> = {
  name: "Name",
  newest: "Newest",
  prompt: "Input price",
  completion: "Output price",
  context: "Context",
};

const nothing = {
  q: null,
  provider: null,
  input: null,
  output: null,
  parameters: null,
  from: null,
  to: null,
  context: null,
  free: null,
};

/** The catalogue, searched in the browser; the address has the whole search, so that it can be shared and gone back to. */
export function ModelBrowser({ models }: { models: ModelRow[] }) {
  const [search, setSearch] = useQueryStates(modelSearch, { history: "replace" });
  // Typing stays ahead of a long list.
  const deferred = useDeferredValue(search);
  const found = useMemo(() => searchModels(models, deferred), [models, deferred]);
  const searchBox = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  useSlash(searchBox);

  const change: FilterChange = useCallback((filters) => void setSearch(filters), [setSearch]);
  const clear = () => void setSearch(nothing);
  const sortBy = useCallback(
    (sort: Sorting) =>
      void setSearch((before) => ({
        sort,
        descending: before.sort === sort ? !before.descending : sort === "context",
      })),
    [setSearch],
  );
  const toggle = useCallback(
    (slug: string) =>
      void setSearch(({ compare }) => ({
        compare: compare.includes(slug)
          ? compare.filter((one) => one !== slug)
          : [...compare, slug].slice(0, MOST_COMPARED),
      })),
    [setSearch],
  );

  /** Arrows walk from the search box through the models and back. */
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const from = event.target as HTMLElement;
    if (step === 0 || !(from === searchBox.current || from.dataset.model !== undefined)) return;
    const links = [...(results.current?.querySelectorAll<HTMLElement>("[data-model]") ?? [])];
    const next = links.indexOf(from) + step;
    event.preventDefault();
    (next < 0 ? searchBox.current : links[next])?.focus();
  };

  const filters = <ModelFilters models={models} search={search} change={change} />;
  const filterCount = countFilters(search);
  const full = search.compare.length >= MOST_COMPARED;
  const listProps = { models: found, compared: search.compare, full, toggle };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the arrow keys of what is in it
    <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-10" onKeyDown={walk}>
      <section aria-label="Filters" className="hidden lg:block">
        {filters}
      </section>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <div className="relative min-w-48 flex-1">
            <SearchIcon className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted-foreground" />
            <Input
              ref={searchBox}
              type="search"
              aria-label="Search models"
              aria-keyshortcuts="/"
              placeholder="Search by name"
              value={search.q}
              onChange={({ target }) => void setSearch({ q: target.value || null })}
              className="pl-9"
            />
          </div>
          <Sheet>
            <SheetTrigger asChild>
              <Button variant="outline" className="lg:hidden">
                <SlidersHorizontalIcon /> Filters{filterCount > 0 && ` (${filterCount})`}
              </Button>
            </SheetTrigger>
            <SheetContent>
              <SheetHeader>
                <SheetTitle>Filters</SheetTitle>
                <SheetDescription>{found.length} models match.</SheetDescription>
              </SheetHeader>
              <div className="px-4 pb-6">{filters}</div>
            </SheetContent>
          </Sheet>
          <Select
            value={search.sort}
            onValueChange={(sort: Sorting) => void setSearch({ sort, descending: sort === "context" })}
          >
            <SelectTrigger aria-label="Sort by" className="min-w-36">
              <SelectValue>{sortingNames[search.sort]}</SelectValue>
            </SelectTrigger>
            <SelectContent>
              {sortings.map((sort) => (
                <SelectItem key={sort} value={sort}>
                  {sortingNames[sort]}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <ToggleGroup
            type="single"
            aria-label="View"
            value={search.view}
            onValueChange={(view) => view && void setSearch({ view: view as "table" | "cards" })}
          >
            <ToggleGroupItem value="table" aria-label="Table">
              <Rows3Icon />
            </ToggleGroupItem>
            <ToggleGroupItem value="cards" aria-label="Cards">
              <LayoutGridIcon />
            </ToggleGroupItem>
          </ToggleGroup>
        </div>
        <div className="mt-3 mb-2 flex h-6 items-center gap-3 text-[13px] text-muted-foreground">
          <p aria-live="polite" className="tabular-nums">
            {found.length === models.length ? `${models.length} models` : `${found.length} of ${models.length} models`}
          </p>
          {(filterCount > 0 || search.q) && (
            <button type="button" onClick={clear} className="cursor-pointer rounded-sm text-brand hover:underline">
              Clear the search
            </button>
          )}
        </div>
        <div ref={results}>
          {found.length === 0 ? (
            <Empty
              icon={<SearchXIcon />}
              title="No model matches all of this"
              action={
                <Button variant="outline" size="sm" onClick={clear}>
                  Clear the search
                </Button>
              }
            >
              Take a filter away, or search for fewer words.
            </Empty>
          ) : search.view === "cards" ? (
            <ModelCards {...listProps} />
          ) : (
            <ModelTable {...listProps} sort={search.sort} descending={search.descending} sortBy={sortBy} />
          )}
        </div>
        <CompareBar
          models={models}
          compared={search.compare}
          toggle={toggle}
          clear={() => void setSearch({ compare: null })}
        />
      </div>
    </div>
  );
}

/** A stroke goes to the search box from anywhere but another field. */
function useSlash(searchBox: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { target } = event;
      const inField = target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || inField) return;
      event.preventDefault();
      searchBox.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [searchBox]);
}
