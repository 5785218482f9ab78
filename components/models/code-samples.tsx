import { CodeSample } from "../code-sample";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../ui/tabs";

/** The same request in several languages. */
export function CodeSamples({ samples }: { samples: { name: string; code: string }[] }) {
  return (
    <Tabs defaultValue={samples[0]?.name}>
      <TabsList aria-label="Language">
        {samples.map(({ name }) => (
          <TabsTrigger key={name} value={name}>
            {name}
          </TabsTrigger>
        ))}
      </TabsList>
      {samples.map(({ name, code }) => (
        <TabsContent key={name} value={name}>
          <CodeSample label={name} code={code} />
        </TabsContent>
      ))}
    </Tabs>
  );
}
