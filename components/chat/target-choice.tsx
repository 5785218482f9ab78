import { ToggleGroup, ToggleGroupItem } from "@/components/ui/toggle-group";
import type { Column } from "./chat";
import { type ChatModel, nameOf } from "./chat-model";

type Props = { columns: Column[]; models: ChatModel[]; chosen: string; onChoose: (target: string) => void };

export const ALL_COLUMNS = "all";

/** Whom the next prompt is for: all columns, or one that goes on alone. */
export function TargetChoice({ columns, models, chosen, onChoose }: Props) {
  if (columns.length < 2) return null;
  return (
    <div className="-mx-1 overflow-x-auto px-1">
      <ToggleGroup
        type="single"
        aria-label="Who is asked"
        className="h-8"
        value={chosen}
        onValueChange={(target: string) => target && onChoose(target)}
      >
        <ToggleGroupItem value={ALL_COLUMNS}>All {columns.length}</ToggleGroupItem>
        {columns.map(({ id, model }) => (
          <ToggleGroupItem key={id} value={id}>
            <span className="max-w-40 truncate">{nameOf(models, model)}</span>
          </ToggleGroupItem>
        ))}
      </ToggleGroup>
    </div>
  );
}
