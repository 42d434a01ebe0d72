import { KeyIcon } from "@primer/octicons-react";
import { data, redirect } from "react-router";
import type { ApiProblem } from "../../client/api-problem.ts";
import { KeyRow } from "../account/key-row.tsx";
import { lifetimes, NewKeyForm } from "../account/new-key-form.tsx";
import { Section } from "../account/section.tsx";
import { api, attempt, need, signInPath } from "../api.server.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/account-keys.ts";

export const meta = () => [{ title: "API keys · Understudy" }];

const day = 24 * 60 * 60 * 1000;

export async function loader({ request, context }: Route.LoaderArgs) {
  const { data: keys } = await need(request, api({ request, context }).api.v1["api-keys"].$get());
  return { keys };
}

function outcome(key: string | null, problem: ApiProblem | null, ended = false) {
  return data({ key, problem, ended }, { status: problem?.status ?? 200 });
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const keys = api({ request, context }).api.v1["api-keys"];
  if (form.get("intent") === "end") {
    const ended = await attempt(keys[":id"].$delete({ param: { id: String(form.get("id") ?? "") } }));
    if (!ended.ok && ended.problem.status === 401) throw redirect(signInPath(request));
    return outcome(null, ended.ok ? null : ended.problem, ended.ok);
  }
  const days = lifetimes.find(({ value }) => value === form.get("lifetime"))?.days ?? null;
  const json = {
    name: String(form.get("name") ?? ""),
    scopes: form.getAll("scopes").map(String) as ("read" | "chat" | "write")[],
    ...(days === null ? {} : { expires_at: new Date(Date.now() + days * day).toISOString() }),
  };
  const made = await attempt(keys.$post({ json }));
  if (!made.ok && made.problem.status === 401) throw redirect(signInPath(request));
  return made.ok ? outcome(made.value.key, null) : outcome(null, made.problem);
}

export default function AccountKeys({ loaderData, actionData }: Route.ComponentProps) {
  const { keys } = loaderData;
  const mayMake = useMay("key.create");
  return (
    <div className="flex flex-col gap-5">
      {mayMake ? (
        <NewKeyForm made={actionData?.key ?? null} problem={actionData?.problem ?? null} />
      ) : (
        <Notice tone="info">
          Your role in this workspace makes no API keys. Choose another workspace, or ask an admin.
        </Notice>
      )}
      {keys.length === 0 ? (
        <EmptyState icon={<KeyIcon size={20} />} title="No API keys yet">
          A key lets a program of yours do what you may do, in this workspace.
        </EmptyState>
      ) : (
        <Section title="Your keys" lead="They act for you in this workspace. End what you do not need.">
          {actionData?.ended && <Notice tone="good">The key has ended.</Notice>}
          <ul className="-mx-5 -mb-5 divide-y divide-line border-line border-t sm:-mx-7 sm:-mb-7">
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}
