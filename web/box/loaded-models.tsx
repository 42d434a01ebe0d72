import type { WireLine, WireLoadedModel } from "../../workers/model-access/box-contract.ts";
import { contextWords } from "../chat/settings/model-facts.ts";
import { byteSize } from "../documents/byte-size.ts";
import { Notice } from "../ui/notice.tsx";
import { Progress } from "../ui/progress.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";

/** For how long a model stays loaded, as people say it. */
function stay(until: string | null, now: number): string {
  if (until === null) return "stays loaded";
  const minutes = Math.round((Date.parse(until) - now) / 60_000);
  if (minutes < 1) return "unloaded in less than a minute";
  if (minutes < 90) return `unloaded in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  return `unloaded in ${Math.round(minutes / 60)} hours`;
}

const people = (count: number) => (count === 1 ? "One question waits" : `${count} questions wait`);

interface LoadedModelsProps {
  loaded: readonly WireLoadedModel[];
  /** Null where it is not known. */
  line: WireLine | null;
}

/** What the box has in its memory now, and how long its line is. */
export function LoadedModels({ loaded, line }: LoadedModelsProps) {
  return (
    <div className="flex flex-col gap-5">
      {line && line.working + line.waiting > 0 && (
        <Notice tone={line.waiting > 0 ? "warn" : "info"}>
          It is at work now. {line.waiting > 0 && `${people(line.waiting)} in line.`}
        </Notice>
      )}
      {loaded.length === 0 ? (
        <p className="text-ink-soft text-sm">Nothing is loaded. The first question to a model waits until it is.</p>
      ) : (
        <ul className="flex flex-col gap-5">
          {loaded.map((model) => (
            <LoadedModel key={model.name} model={model} />
          ))}
        </ul>
      )}
    </div>
  );
}

function LoadedModel({ model }: { model: WireLoadedModel }) {
  const { name, size_bytes: size, vram_bytes: vram, context_window: context, expires_at: until } = model;
  const isHydrated = useHydrated();
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className="text-ink-soft text-sm">
          {[contextWords(context), ...(isHydrated ? [stay(until, Date.now())] : [])].join(" · ")}
        </span>
      </div>
      {size !== null && vram !== null && size > 0 && (
        <>
          <Progress value={vram / size} label={`${name} in the GPU’s memory`} />
          <p className="text-ink-soft text-sm">
            {byteSize(vram)} of {byteSize(size)} in the GPU’s memory
            {vram < size && "; the rest is computed by the processor, which is slow"}
          </p>
        </>
      )}
    </li>
  );
}
