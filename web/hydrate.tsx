import { StrictMode, startTransition, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { HydratedRouter } from "react-router/dom";

function Hydrated({ onReady }: { onReady: () => void }) {
  useEffect(onReady, [onReady]);
  return <HydratedRouter />;
}

/** Gives the page its handlers; resolves when they are there. */
export function hydrate(): Promise<void> {
  return new Promise((resolve) =>
    startTransition(() => {
      hydrateRoot(
        document,
        <StrictMode>
          <Hydrated onReady={resolve} />
        </StrictMode>,
      );
    }),
  );
}
