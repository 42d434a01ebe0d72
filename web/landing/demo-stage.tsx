import { useEffect, useState } from "react";
import { useRevalidator } from "react-router";
import type { PublicClone } from "../../workers/clones/contract.ts";
import { KeptChat } from "../chat/room/kept-chat.tsx";
import { useRootData } from "../root-data.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const checkEvery = 2_000;
const mostChecks = 60;

/** The real thing, on the landing page: ask the demonstration clone before signing up. */
export function DemoStage({ demo, model }: { demo: PublicClone | null; model: string | null }) {
  const user = useRootData()?.user ?? null;
  return (
    <section
      aria-label="Try it"
      className="flex h-[36rem] max-h-[85dvh] min-h-[28rem] flex-col overflow-hidden rounded-[1.25rem] border border-line bg-surface shadow-lift"
    >
      {demo ? (
        <KeptChat
          clone={demo}
          visitorOf={user ? null : demo.slug}
          mayOpenDocuments={demo.source_access === "documents"}
          model={model}
          heading={
            <p className="flex min-w-0 items-center gap-2.5">
              <Avatar name={demo.name} seed={demo.id} size="small" />
              <span className="truncate font-semibold">{demo.name}</span>
            </p>
          }
        />
      ) : (
        <Preparing />
      )}
    </section>
  );
}

/** The demo is still reading its documents: looks again by itself. */
function Preparing() {
  const { revalidate } = useRevalidator();
  const [checks, setChecks] = useState(0);
  const gaveUp = checks >= mostChecks;
  useEffect(() => {
    if (gaveUp) return;
    const timer = setInterval(() => {
      setChecks((count) => count + 1);
      void revalidate();
    }, checkEvery);
    return () => clearInterval(timer);
  }, [revalidate, gaveUp]);
  if (gaveUp) {
    return (
      <p role="status" className="m-auto max-w-sm p-6 text-center text-ink-soft">
        There is no demo on this server. Sign up and make a clone of your own: it takes a minute.
      </p>
    );
  }
  return (
    <div data-live="" className="flex h-full flex-col justify-center gap-4 p-6 sm:p-10">
      <Skeleton className="size-14 rounded-2xl" />
      <Skeleton className="h-8 w-2/3" />
      <p role="status" className="text-ink-soft">
        The demo is reading its documents. This takes a few seconds, and the page notices by itself.
      </p>
      {["w-full", "w-full", "w-full"].map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: three equal placeholders that never move
        <Skeleton key={at} className={`h-12 rounded-xl ${width}`} />
      ))}
    </div>
  );
}
