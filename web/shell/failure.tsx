import { isRouteErrorResponse, Link } from "react-router";
import type { ApiProblem } from "../../client/api-problem.ts";
import { Button, ButtonLink } from "../ui/button.tsx";

interface Told {
  title: string;
  detail: string;
  retry: boolean;
}

function tell(error: unknown): Told {
  if (!isRouteErrorResponse(error)) {
    return {
      title: "Something went wrong on our side",
      detail: "The page could not be shown. Nothing of yours is lost. Try again in a moment.",
      retry: true,
    };
  }
  const problem = error.data as Partial<ApiProblem> | null;
  if (error.status === 404) {
    return {
      title: "Nothing to see here",
      detail: "This page does not exist, or it is private to somebody else. Check the address, or ask for a new link.",
      retry: false,
    };
  }
  if (error.status === 403) {
    return { title: "This is not yours to open", detail: problem?.detail ?? "Ask the owner for access.", retry: false };
  }
  return { title: "That did not work", detail: problem?.detail ?? "Try again in a moment.", retry: true };
}

/** What a page shows instead of itself: what happened, and where to go from here. */
export function Failure({ error }: { error: unknown }) {
  const { title, detail, retry } = tell(error);
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-lg flex-col items-start px-6 py-20 outline-none sm:py-28"
    >
      <p className="font-medium text-accent text-sm">{isRouteErrorResponse(error) ? error.status : "Error"}</p>
      <h1 className="display mt-2 text-4xl">{title}</h1>
      <p className="mt-3 text-ink-soft text-lg">{detail}</p>
      <div className="mt-8 flex flex-wrap gap-3">
        {retry && (
          <Button look="primary" onClick={() => location.reload()}>
            Try again
          </Button>
        )}
        <ButtonLink to="/" look={retry ? "secondary" : "primary"}>
          To the start page
        </ButtonLink>
        <Link
          to="/clones"
          className="self-center px-2 text-ink-soft text-sm underline underline-offset-4 hover:text-ink"
        >
          Your clones
        </Link>
      </div>
    </main>
  );
}
