import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** Narrows the audit log by its address; it works without a script too. */
export function AuditFilterForm({ filter }: { filter: { action: string; who: string; target: string } }) {
  return (
    <form method="get" action="/operator/audit" className="mb-4 flex flex-wrap items-end gap-3">
      <Field label="What, from its beginning" className="max-sm:w-full">
        <Input name="action" defaultValue={filter.action} placeholder="price.add" autoComplete="off" />
      </Field>
      <Field label="Who, by his id" className="max-sm:w-full">
        <Input name="who" defaultValue={filter.who} autoComplete="off" />
      </Field>
      <Field label="To what, by its id" className="max-sm:w-full">
        <Input name="target" defaultValue={filter.target} autoComplete="off" />
      </Field>
      <Button type="submit" variant="outline">
        Show
      </Button>
    </form>
  );
}
