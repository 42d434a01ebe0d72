import type { Erasure } from "../../workers/personal-data/contract.ts";
import { api, need } from "../api.server.ts";
import { SignCard } from "../shell/sign-card.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Route } from "./+types/erased.ts";

const titleOf = ({ subject, status }: Pick<Erasure, "subject" | "status">) =>
  `Your ${subject === "person" ? "account" : "workspace"} is ${status === "done" ? "erased" : "closed"}`;

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData ? titleOf(loaderData) : "Erasure"} · Understudy` },
  { name: "robots", content: "noindex" },
];

/** The address is a secret: it is not told to where its page's links lead. */
export const headers = () => ({ "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex" });

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return need(request, api({ request, context }).api.v1.erasures[":token"].$get({ param: { token: params.token } }));
}

type Names = Partial<Record<keyof Erasure["erased"], string>>;
const common: Names = { clone: "Clones", document: "Documents", conversation: "Conversations", key: "API keys" };
const names: Record<Erasure["subject"], Names> = {
  person: {
    workspace: "Workspaces of your own",
    membership: "Workspaces that you left",
    ...common,
    session: "Sessions",
  },
  workspace: { workspace: "Workspaces", ...common },
};

/** How far an erasure is, and what it took: also for whoever has no account any more. */
export default function Erased({ loaderData, params }: Route.ComponentProps) {
  const isDone = loaderData.status === "done";
  return (
    <SignCard title={titleOf(loaderData)} lead="Keep this page’s address: nobody else has it.">
      <div className="flex flex-col gap-5">
        <Notice tone="good">
          {isDone
            ? "Everything on this list is erased, and the list is signed."
            : "Nobody can open it any more. Everything on this list is being erased, which takes about a quarter of an hour."}
        </Notice>
        <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2">
          {Object.entries(names[loaderData.subject]).map(([kind, name]) => (
            <div key={kind} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="text-right tabular-nums">{loaderData.erased[kind as keyof Erasure["erased"]].length}</dd>
            </div>
          ))}
        </dl>
        <a className="text-accent underline" href={`/api/v1/erasures/${params.token}`} download="erasure.json">
          {isDone ? "Download the signed list" : "Download the list as it is now"}
        </a>
      </div>
    </SignCard>
  );
}
