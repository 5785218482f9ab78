import Link from "next/link";
import { CodeSample } from "../code-sample";
import { PageHeader } from "../page-header";
import { type ApiDocument, type Listed, listOperations } from "./schema";

/** Every endpoint of the API, each a link to what its document says of it. `base`: where the reader reaches the API. */
export function ApiReference({ document, base }: { document: ApiDocument; base: string }) {
  const operations = listOperations(document);
  return (
    <div className="max-w-3xl py-8">
      <PageHeader
        title="API reference"
        description="OpenRouter's dialect, as this server speaks it. It is made of the schemas that check requests."
      >
        <a href="/openapi.json" className="text-sm text-brand underline-offset-4 hover:underline">
          openapi.json
        </a>
      </PageHeader>
      <CodeSample
        label="Once, so that the examples run"
        code={[
          `export OPENROUTER_BASE_URL="${base}"`,
          'export OPENROUTER_API_KEY="sk-or-v1-…"',
          'export OPENROUTER_MANAGEMENT_KEY="sk-or-v1-…"',
        ].join("\n")}
      />
      {document.tags.map(({ name }) => (
        <section key={name} aria-labelledby={`tag-${name}`} className="mt-8">
          <h2 id={`tag-${name}`} className="mb-2 font-medium">
            {name}
          </h2>
          <ul className="divide-y rounded-lg border">
            {operations
              .filter(({ operation }) => operation.tags.includes(name))
              .map((one) => (
                <OperationLink key={one.operation.operationId} {...one} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const OperationLink = ({ method, path, operation }: Listed) => (
  <li>
    <Link
      href={`/docs/api/${operation.operationId}`}
      prefetch={false}
      className="grid gap-x-4 gap-y-0.5 px-3 py-2 text-[13px] hover:bg-secondary sm:grid-cols-[1fr_1fr]"
    >
      <span>{operation.summary}</span>
      <code className="font-mono text-xs leading-5 wrap-anywhere text-muted-foreground">
        {method} {path}
      </code>
    </Link>
  </li>
);
