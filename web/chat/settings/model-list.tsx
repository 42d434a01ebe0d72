import { CheckIcon, SearchIcon } from "@primer/octicons-react";
import { type KeyboardEvent, memo, useEffect, useId, useMemo, useState } from "react";
import type { Model } from "../../../workers/models/contract.ts";
import { cx } from "../../ui/class-names.ts";
import { inputClass } from "../../ui/input-class.ts";
import { lanes, modelFacts } from "./model-facts.ts";
import { modelName } from "./model-name.ts";

interface ModelListProps {
  models: readonly Model[];
  /** What is written in the field. */
  query: string;
  /** What the list heeds of it, a moment later where there are many. */
  wanted: string;
  onQuery: (query: string) => void;
  chosen: readonly string[];
  /** Whether clouds are out of the question. */
  isBound: boolean;
  /** `""` is the one that answers here anyway. */
  onChoose: (id: string) => void;
}

/** Those that have every word of a query in what they are called. */
function matching(models: readonly Model[], query: string): readonly Model[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const text = `${modelName(model.id)} ${model.name} ${model.provider}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const stepOf: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** A field and the models that it finds; the keys of the field go through them. */
export function ModelList({ models, query, wanted, onQuery, chosen, isBound, onChoose }: ModelListProps) {
  const id = useId();
  const groups = useMemo(() => {
    const found = matching(models, wanted);
    return lanes
      .map(({ lane, name }) => ({ lane, name, models: found.filter((model) => model.lane === lane) }))
      .filter((group) => group.models.length > 0);
  }, [models, wanted]);
  const isOut = (lane: Model["lane"]) => isBound && lane === "cloud";
  const reachable = [
    ...(wanted.trim() === "" ? [""] : []),
    ...groups.flatMap((group) => (isOut(group.lane) ? [] : group.models.map((model) => model.id))),
  ];
  const [at, setAt] = useState(0);
  const active = reachable[Math.min(at, reachable.length - 1)];
  const optionId = (model: string) => `${id}-${model}`;
  useEffect(() => {
    if (active !== undefined && at > 0)
      document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, at, id]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(reachable.length - 1, at + step)));
    else if (event.key === "Enter" && active !== undefined) onChoose(active);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="relative">
        <SearchIcon className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-ink-faint" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog is there to choose by it
          autoFocus
          role="combobox"
          aria-label="Find a model"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={active === undefined ? undefined : optionId(active)}
          autoComplete="off"
          spellCheck={false}
          placeholder="Find a model"
          value={query}
          onChange={(event) => {
            onQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className={cx(inputClass, "h-11 ps-9")}
        />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Models"
        // The field keeps the focus, and the keys.
        tabIndex={-1}
        className="-mx-2 mt-2 max-h-[min(24rem,45dvh)] overflow-y-auto"
      >
        {wanted.trim() === "" && (
          <Row
            id={optionId("")}
            name="The usual model"
            facts="As the conversation and its clone are set up"
            isActive={active === ""}
            isChosen={chosen.length === 0}
            value=""
            onChoose={onChoose}
          />
        )}
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: options are grouped so in a list box
          <div key={group.lane} role="group" aria-labelledby={`${id}-${group.lane}`}>
            <p id={`${id}-${group.lane}`} className="px-3 pt-3 pb-1 font-semibold text-ink-faint text-xs">
              {group.name}
              {isOut(group.lane) && ": not asked while questions stay on your own machines"}
            </p>
            {group.models.map((model) => (
              <Row
                key={model.id}
                id={optionId(model.id)}
                name={modelName(model.id)}
                facts={modelFacts(model)}
                isAway={model.status === "unavailable"}
                isOut={isOut(group.lane)}
                isActive={active === model.id}
                isChosen={chosen.includes(model.id)}
                value={model.id}
                onChoose={onChoose}
              />
            ))}
          </div>
        ))}
      </div>
      {models.length > 0 && groups.length === 0 && (
        <p role="status" className="px-1 py-3 text-ink-soft text-sm">
          No model is called that.
        </p>
      )}
    </>
  );
}

interface RowProps {
  id: string;
  name: string;
  facts: string;
  isAway?: boolean;
  isOut?: boolean;
  isActive: boolean;
  isChosen: boolean;
  value: string;
  onChoose: (id: string) => void;
}

// Hundreds are drawn only where they are seen.
const rowClass =
  "flex min-h-13 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 [contain-intrinsic-size:auto_3.25rem] [content-visibility:auto] hover:bg-hover";

const Row = memo(function Row({ id, name, facts, isAway, isOut, isActive, isChosen, value, onChoose }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={isOut}
      onClick={isOut ? undefined : () => onChoose(value)}
      className={cx(rowClass, isActive && "bg-hover", isOut && "cursor-default! opacity-50")}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{name}</span>
        <span className="block text-ink-faint text-xs">{facts}</span>
      </span>
      {isAway && <span className="shrink-0 text-warn text-xs">Not reachable now</span>}
      {isChosen && <CheckIcon className="shrink-0 text-accent" />}
    </div>
  );
});
