import { useEffect, useMemo } from "react";
import { useSearchParams } from "react-router";
import { api, attempt, need } from "../api.server.ts";
import { citedRange } from "../documents/cited-range.ts";
import { LeftOut } from "../documents/left-out.tsx";
import { ReaderBar } from "../documents/reader-bar.tsx";
import { readerPages, sectionsOf } from "../documents/reader-pages.ts";
import { ReaderSheet } from "../documents/reader-sheet.tsx";
import { useCurrentPage } from "../documents/use-current-page.ts";
import { SiteHeader } from "../shell/site-header.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Route } from "./+types/document.ts";

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData ? `${loaderData.document.filename} · Understudy` : "Understudy" },
  { name: "robots", content: "noindex" },
];

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const param = { id: params.documentId };
  const cookie = request.headers.get("Cookie") ?? "";
  // Somebody who is signed in may still be here as the visitor of another's public clone.
  const visitor = cookie.match(/(?:__Host-)?understudy_visitor=[^;]+/)?.[0];
  if (visitor && visitor !== cookie) {
    const own = await attempt(api({ request, context }).api.v1.documents[":id"].text.$get({ param }));
    if (own.ok) return own.value;
    return need(request, api({ request, context }, visitor).api.v1.documents[":id"].text.$get({ param }));
  }
  return need(request, api({ request, context }).api.v1.documents[":id"].text.$get({ param }));
}

export default function DocumentReader({ loaderData }: Route.ComponentProps) {
  const { document: file, parts } = loaderData;
  const [search] = useSearchParams();
  const cited = useMemo(() => citedRange(search), [search]);
  const sheets = useMemo(() => readerPages(parts), [parts]);
  const numbers = useMemo(() => sheets.flatMap(({ page }) => (page === null ? [] : [page])), [sheets]);
  const { current, jumpTo } = useCurrentPage(numbers[0] ?? null);

  useEffect(() => {
    const mark = cited && document.querySelector<HTMLElement>("[data-cited]");
    const target = mark ?? document.getElementById(location.hash.slice(1));
    if (target) jumpTo(target, mark ? "center" : "start");
    mark?.focus({ preventScroll: true });
  }, [cited, jumpTo]);

  const goTo = (anchor: string) => {
    const target = document.getElementById(anchor);
    if (target) jumpTo(target, "start");
    history.replaceState(history.state, "", `#${anchor}`);
  };

  return (
    <>
      <SiteHeader />
      <ReaderBar document={file} pages={numbers} current={current} sections={sectionsOf(parts)} onGo={goTo} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-4xl flex-col gap-5 px-4 py-8 outline-none sm:px-6"
      >
        <LeftOut leftOut={file.left_out} />
        {sheets.length === 0 ? (
          <Notice tone="info">There is no text in this document.</Notice>
        ) : (
          sheets.map((sheet) => <ReaderSheet key={sheet.anchor} page={sheet} cited={cited} />)
        )}
      </main>
    </>
  );
}
