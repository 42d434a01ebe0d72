import { type ComponentType, lazy, type RefObject, Suspense, useEffect, useRef } from "react";
import { AskedFrom, opener } from "./use-return-focus.ts";

/** What is shown in place of a part whose code did not come, such as without a network or after the server was brought up to date. */
function NotFetched() {
  return (
    <p
      role="alert"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto max-w-md rounded-xl border border-line bg-raised px-4 py-3 text-danger text-sm shadow-pop"
    >
      This part of the page could not be fetched. Check your connection, then load the page again.
    </p>
  );
}

/** Forgets what had the focus once what it was kept for is there. */
function HasCome({ from }: { from: RefObject<HTMLElement | null> }) {
  useEffect(() => {
    from.current = null;
  }, [from]);
  return null;
}

/** A component whose code comes when it is first shown. Nothing stands in its place until then. */
export function whenNeeded<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Part: ComponentType<Props> = lazy(() =>
    load().then(
      (part) => ({ default: part }),
      () => ({ default: NotFetched as ComponentType<Props> }),
    ),
  );
  return function WhenNeeded(props: Props) {
    const from = useRef<HTMLElement | null>(null);
    const isAsked = useRef(false);
    if (!isAsked.current && typeof document !== "undefined") from.current = opener();
    isAsked.current = true;
    return (
      <AskedFrom value={from}>
        <Suspense fallback={null}>
          <Part {...props} />
          <HasCome from={from} />
        </Suspense>
      </AskedFrom>
    );
  };
}
