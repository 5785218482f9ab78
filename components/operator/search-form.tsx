import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** Narrows a list by its address; it works without a script too. */
export function SearchForm({ action, label, search }: { action: string; label: string; search: string }) {
  return (
    <search>
      <form method="get" action={action} className="mb-4 flex flex-wrap items-end gap-3">
        <Field label={label} className="w-full max-w-md">
          <Input type="search" name="q" defaultValue={search} maxLength={320} autoComplete="off" />
        </Field>
        <Button type="submit" variant="outline">
          Search
        </Button>
      </form>
    </search>
  );
}
