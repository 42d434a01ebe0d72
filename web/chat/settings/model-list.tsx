import { AlertIcon, CheckIcon, SearchIcon } from "@primer/octicons-react";
import { type KeyboardEvent, memo, useDeferredValue, useEffect, useId, useMemo, useState } from "react";
import type { Model } from "../../../workers/models/contract.ts";
import { cx } from "../../ui/class-names.ts";
import { inputClass } from "../../ui/input-class.ts";
import { GroupHead } from "./group-head.tsx";
import { modelFacts } from "./model-facts.ts";
import { groupsOf, matching } from "./model-groups.ts";
import { ModelId } from "./model-id.tsx";
import type { Catalogue } from "./use-models.ts";

interface ModelListProps {
  catalogue: Catalogue;
  chosen: readonly string[];
  /** What answers where none of them is chosen, and why that. */
  usual: { name: string; facts: string };
  /** Why clouds are out of the question; null where they are not. */
  bound: string | null;
  /** `""` is the one that answers here anyway. */
  onChoose: (id: string) => void;
}

const stepOf: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** A field and the models that it finds, by whose they are; the keys of the field go through them. */
export function ModelList({
  catalogue: { data: models, unavailable },
  chosen,
  usual,
  bound,
  onChoose,
}: ModelListProps) {
  const id = useId();
  const [query, setQuery] = useState("");
  // Where there are many, the list heeds what is written a moment later.
  const wanted = useDeferredValue(query);
  const groups = useMemo(() => groupsOf(matching(models, wanted)), [models, wanted]);
  const outOf = (lane: Model["lane"]) => (lane === "cloud" ? bound : null);
  const reachable = [
    ...(wanted.trim() === "" ? [""] : []),
    ...groups.flatMap((group) => (outOf(group.lane) ? [] : group.models.map((model) => model.id))),
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
          data-focus-first
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
            setQuery(event.target.value);
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
            name={usual.name}
            facts={usual.facts}
            isActive={active === ""}
            isChosen={chosen.length === 0}
            value=""
            onChoose={onChoose}
          />
        )}
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: options are grouped so in a list box
          <div key={group.key} role="group" aria-labelledby={`${id}-${group.key}`}>
            <GroupHead group={group} id={`${id}-${group.key}`} out={outOf(group.lane)} />
            {group.models.map((model) => (
              <Row
                key={model.id}
                id={optionId(model.id)}
                facts={modelFacts(model)}
                isAway={model.status === "unavailable"}
                isOut={outOf(group.lane) !== null}
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
      <Unavailable providers={unavailable} />
    </>
  );
}

/** Who has models that are not in the list, and why. */
export function Unavailable({ providers }: { providers: Catalogue["unavailable"] }) {
  if (providers.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-1 rounded-xl bg-warn-soft px-3.5 py-2.5 text-sm text-warn">
      {providers.map(({ provider, detail }) => (
        <li key={provider} className="flex items-start gap-2">
          <AlertIcon className="mt-0.5 shrink-0" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <b>{provider}</b> is not in the list. {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  id: string;
  /** Where it is not called by its id. */
  name?: string;
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
  "flex min-h-13 scroll-mt-14 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 [contain-intrinsic-size:auto_3.25rem] [content-visibility:auto] hover:bg-hover";

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
        <span className="block text-sm [overflow-wrap:anywhere]">{name ?? <ModelId id={value} />}</span>
        <span className="block text-ink-faint text-xs">{facts}</span>
      </span>
      {isAway && <span className="shrink-0 text-warn text-xs">Not reachable now</span>}
      {isChosen && <CheckIcon className="shrink-0 text-accent" />}
    </div>
  );
});
