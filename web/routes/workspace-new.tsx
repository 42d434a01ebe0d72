import { Form, useNavigation } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { api, attempt, redirectWithCookies, refused } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/workspace-new.ts";

export const meta = () => [{ title: "New workspace · Understudy" }];

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const { v1 } = api({ request, context }).api;
  const made = await attempt(v1.workspaces.$post({ json: { name: String(form.get("name") ?? "") } }));
  if (!made.ok) return refused(made.problem);
  const { id } = made.value;
  const chosen = await attempt(v1.me.workspace.$put({ json: { workspace_id: id } }));
  return chosen.ok ? redirectWithCookies(`/workspaces/${id}`, chosen.headers) : refused(chosen.problem);
}

export default function NewWorkspace({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const problem = actionData?.problem;
  return (
    <Page width="narrow">
      <h1 className="display text-4xl">New workspace</h1>
      <p className="mt-1 text-ink-soft">Clones and documents in it belong to everybody whom you invite.</p>
      <Form
        method="post"
        noValidate
        className="mt-8 flex flex-col gap-5 rounded-card border border-line bg-surface p-5 shadow-card sm:p-7"
      >
        <ProblemNotice problem={problem} fields={["name"]} />
        <TextField
          label="Name"
          name="name"
          required
          autoFocus
          maxLength={80}
          hint="Such as your team’s or your company’s."
          error={fieldError(problem, "name")}
        />
        <div className="flex justify-end">
          <Button type="submit" look="primary" busy={busy}>
            Create workspace
          </Button>
        </div>
      </Form>
    </Page>
  );
}
