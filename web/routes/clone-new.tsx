import { ArrowLeftIcon } from "@primer/octicons-react";
import { Form, Link, redirect, useNavigation } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { api, attempt, refused, signInPath } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/clone-new.ts";

export const meta = () => [{ title: "New clone · Understudy" }];

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const json = {
    name: String(form.get("name") ?? ""),
    description: String(form.get("description") ?? ""),
    greeting: String(form.get("greeting") ?? ""),
  };
  const created = await attempt(api({ request, context }).api.v1.clones.$post({ json }));
  if (created.ok) return redirect(`/clones/${created.value.id}/knowledge`);
  if (created.problem.status === 401) return redirect(signInPath(request));
  return refused(created.problem);
}

export default function CloneNew({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const problem = actionData?.problem;
  return (
    <Page width="narrow">
      <Link to="/clones" className="inline-flex items-center gap-1.5 text-ink-soft text-sm hover:text-ink">
        <ArrowLeftIcon /> Clones
      </Link>
      <h1 className="display mt-4 text-4xl">New clone</h1>
      <p className="mt-2 text-ink-soft">
        A name is enough to begin. Documents come next, and everything can be changed later.
      </p>
      <Form
        method="post"
        noValidate
        className="mt-8 flex flex-col gap-6 rounded-card border border-line bg-surface p-5 shadow-card sm:p-7"
      >
        <ProblemNotice problem={problem} fields={["name", "description", "greeting"]} />
        <TextField
          label="Name"
          name="name"
          placeholder="Ada, machine learning"
          hint="How people will know it: a person, a role or a subject."
          maxLength={80}
          required
          autoFocus
          error={fieldError(problem, "name")}
        />
        <TextArea
          label="What it knows about"
          name="description"
          optional
          maxLength={500}
          placeholder="Answers questions about the course notes and the lab handbook."
          error={fieldError(problem, "description")}
        />
        <TextArea
          label="Greeting"
          name="greeting"
          optional
          hint="The first thing that people read."
          maxLength={500}
          placeholder="Hello! Ask me anything about the course."
          error={fieldError(problem, "greeting")}
        />
        <div className="flex justify-end">
          <Button type="submit" look="primary" size="large" busy={busy}>
            Create and add documents
          </Button>
        </div>
      </Form>
    </Page>
  );
}
