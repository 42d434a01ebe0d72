import { type ReactNode, useEffect } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { ModelList } from "./model-list.tsx";
import type { useModels } from "./use-models.ts";

interface ModelDialogProps {
  source: ReturnType<typeof useModels>;
  chosen: readonly string[];
  usual: { name: string; facts: string };
  /** Why clouds are out of the question; null where they are not. */
  bound: string | null;
  /** `""` is the usual one. */
  onChoose: (id: string) => void;
  onClose: () => void;
  /** Stands below the list. */
  children?: ReactNode;
}

/** All models to choose one from, read when it opens. */
export function ModelDialog({ source, chosen, usual, bound, onChoose, onClose, children }: ModelDialogProps) {
  const { catalogue, problem, load } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void load(), []);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()} title="Choose a model" wide>
      <ModelList
        catalogue={catalogue ?? { data: [], unavailable: [] }}
        chosen={chosen}
        usual={usual}
        bound={bound}
        onChoose={onChoose}
      />
      {problem && (
        <p role="alert" className="flex flex-wrap items-center gap-2 py-2 text-danger text-sm">
          {problem}
          <Button size="small" onClick={() => void load()}>
            Try again
          </Button>
        </p>
      )}
      {!catalogue && !problem && (
        <p role="status" className="flex items-center gap-2 py-2 text-ink-soft text-sm">
          <Spinner /> Looking for models…
        </p>
      )}
      {children}
    </Dialog>
  );
}
