import { data, redirect } from "react-router";
import { api, attempt, signInPath } from "../api.server.ts";
import { cloneFields } from "../clones/clone-fields.ts";
import { DeleteClone } from "../clones/delete-clone.tsx";
import { SettingsForm } from "../clones/settings-form.tsx";
import { useClone } from "../clones/use-clone.ts";
import { Page } from "../shell/page.tsx";
import { PriceSection } from "../wallet/price-form.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/clone-settings.ts";

export function loader({ request }: Route.LoaderArgs) {
  return { origin: new URL(request.url).origin };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const form = await request.formData();
  const clone = api({ request, context }).api.v1.clones[":id"];
  const param = { id: params.cloneId };
  if (form.get("intent") === "delete") {
    const deleted = await attempt(clone.$delete({ param }));
    if (deleted.ok) throw redirect("/clones");
    return data({ saved: false, problem: deleted.problem }, { status: deleted.problem.status });
  }
  const changed = await attempt(clone.$patch({ param, json: cloneFields(form) }));
  if (changed.ok) return data({ saved: true, problem: null });
  if (changed.problem.status === 401) throw redirect(signInPath(request));
  return data({ saved: false, problem: changed.problem }, { status: changed.problem.status });
}

export default function CloneSettings({ loaderData, actionData }: Route.ComponentProps) {
  const { clone, standard } = useClone();
  const mayPrice = useMay("price.write");
  return (
    <Page width="narrow" className="flex flex-col gap-5">
      <SettingsForm
        key={clone.id}
        clone={clone}
        standard={standard}
        origin={loaderData.origin}
        problem={actionData?.problem ?? null}
        saved={actionData?.saved ?? false}
      />
      {mayPrice && <PriceSection cloneId={clone.id} />}
      <DeleteClone clone={clone} />
    </Page>
  );
}
