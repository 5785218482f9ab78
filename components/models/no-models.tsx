import { PlugIcon } from "lucide-react";
import { Empty } from "../ui/empty";

export function NoModels() {
  return (
    <Empty icon={<PlugIcon />} title="No provider has a key yet" className="mt-4">
      <p>
        Set one of <code>OPENAI_API_KEY</code>, <code>ANTHROPIC_API_KEY</code> or <code>GOOGLE_API_KEY</code> and start
        again, or add a provider with <code>npm run admin -- provider add</code>.
      </p>
    </Empty>
  );
}
