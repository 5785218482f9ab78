import { cn } from "../ui/cn";
import { objectsIn, refsIn, type Schema, typeText } from "./schema";

/** The fields of a schema, each with its type and what it means; those inside of a field open below it. */
export function FieldList({ schema, className }: { schema: Schema; className?: string }) {
  const objects = objectsIn(schema);
  const refs = [...new Set(refsIn(schema))];
  return (
    <div className={cn("grid min-w-0 gap-3", className)}>
      {refs.length > 0 && (
        <p className="text-[13px] text-muted-foreground">
          {refs.map((name, place) => (
            <span key={name}>
              {place > 0 && " or "}
              <SchemaLink name={name} />
            </span>
          ))}
        </p>
      )}
      {objects.map((object, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change its order
        <dl key={place} className="divide-y rounded-lg border">
          {Object.entries(object.properties ?? {}).map(([name, field]) => (
            <Field key={name} name={name} field={field} required={object.required?.includes(name) ?? false} />
          ))}
        </dl>
      ))}
    </div>
  );
}

export function Field({ name, field, required }: { name: string; field: Schema; required: boolean }) {
  const inside = objectsIn(field).length > 0;
  const refs = [...new Set(refsIn(field))];
  return (
    <div className="min-w-0 px-3 py-2 text-[13px] wrap-anywhere">
      <dt className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-mono font-medium">{name}</code>
        <span className="font-mono text-xs text-muted-foreground">{typeText(field)}</span>
        {required && <span className="text-xs text-muted-foreground">required</span>}
        {field.deprecated && <span className="text-xs text-muted-foreground">deprecated</span>}
      </dt>
      <dd className="grid gap-1 text-pretty text-muted-foreground">
        {field.description && <p>{field.description}</p>}
        {bounds(field) && <p>{bounds(field)}</p>}
        {refs.length > 0 && (
          <p>
            {refs.map((one) => (
              <SchemaLink key={one} name={one} />
            ))}
          </p>
        )}
        {inside && (
          <details>
            <summary className="w-fit cursor-pointer rounded-sm py-0.5 hover:text-foreground">Its fields</summary>
            <FieldList schema={{ anyOf: objectsIn(field) }} className="mt-2" />
          </details>
        )}
      </dd>
    </div>
  );
}

/** A whole number of JavaScript's has bounds of its own that nobody needs to read. */
function bounds({ minimum, maximum, maxLength, default: usual }: Schema): string {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `At least ${minimum}.` : "";
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `At most ${maximum}.` : "";
  const longest = maxLength !== undefined ? `At most ${maxLength} characters.` : "";
  const otherwise = usual !== undefined ? `Without it: ${JSON.stringify(usual)}.` : "";
  return [least, most, longest, otherwise].filter(Boolean).join(" ");
}

const SchemaLink = ({ name }: { name: string }) => (
  <a href={`#schema-${name}`} className="font-mono text-xs text-brand underline-offset-4 hover:underline">
    {name}
  </a>
);
