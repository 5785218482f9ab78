import Link from "next/link";
import type { ReactNode } from "react";
import { CodeSample } from "../code-sample";
import { PageHeader } from "../page-header";
import { Badge } from "../ui/badge";
import { Field, FieldList } from "./field-list";
import { type ApiDocument, type Listed, type OperationObject, schemasOf } from "./schema";

/** One endpoint: who may ask, an example that runs, what it takes, what it answers, and what it refuses with. */
export function OperationPage({ method, path, operation, document }: Listed & { document: ApiDocument }) {
  const body = operation.requestBody?.content["application/json"]?.schema;
  const [[status, answer] = ["", undefined], ...refusals] = Object.entries(operation.responses);
  const event = answer?.content["text/event-stream"]?.schema;
  const reply = answer?.content["application/json"]?.schema;
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-8 py-8">
      <div>
        <p className="mb-4 text-[13px]">
          <Link href="/docs/api" className="text-muted-foreground underline-offset-4 hover:underline">
            API reference
          </Link>
        </p>
        <PageHeader title={operation.summary} description={operation.description} />
        <p className="flex flex-wrap items-center gap-2 text-[13px]">
          <code className="font-mono wrap-anywhere">
            {method} {path}
          </code>
          <Badge variant="secondary">{whoMayAsk(operation)}</Badge>
        </p>
      </div>
      {operation["x-codeSamples"].map(({ source }) => (
        <CodeSample key={source} label="Example" code={source} />
      ))}
      {operation.parameters.length > 0 && (
        <Part title="Parameters">
          <dl className="divide-y rounded-lg border">
            {operation.parameters.map(({ name, required, description, schema }) => (
              <Field key={name} name={name} required={required} field={{ ...schema, description }} />
            ))}
          </dl>
        </Part>
      )}
      {body && (
        <Part title="Body">
          <FieldList schema={body} />
        </Part>
      )}
      {reply && (
        <Part title={`Answer (${status})`}>
          <FieldList schema={reply} />
        </Part>
      )}
      {event && (
        <Part title="Each event of a stream">
          <FieldList schema={event} />
        </Part>
      )}
      <Part title="Refusals">
        <ul className="grid gap-1 text-[13px] text-muted-foreground">
          {refusals.map(([code, { description }]) => (
            <li key={code}>
              <code className="font-mono text-foreground">{code}</code> {description}
            </li>
          ))}
        </ul>
      </Part>
      {schemasOf(document, operation).map(([name, schema]) => (
        <Part key={name} id={`schema-${name}`} title={name}>
          <FieldList schema={schema} />
        </Part>
      ))}
    </div>
  );
}

const Part = ({ id, title, children }: { id?: string; title: string; children: ReactNode }) => (
  <section aria-label={title} className="min-w-0">
    <h2 id={id} className="mb-2 scroll-mt-20 font-medium">
      {title}
    </h2>
    {children}
  </section>
);

function whoMayAsk(operation: OperationObject): string {
  if (operation.security?.length === 0) return "No key needed";
  return operation["x-key-kind"] === "management" ? "Management key" : "API key";
}
