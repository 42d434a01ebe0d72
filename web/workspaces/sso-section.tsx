import { PlusIcon } from "@primer/octicons-react";
import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { readApi } from "../../client/call-api.ts";
import type { Workspace } from "../../workers/workspaces/contract.ts";
import type { Connection } from "../../workers/workspaces/sso-contract.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { Section } from "./section.tsx";
import { SsoConnection } from "./sso-connection.tsx";
import { kindNames } from "./sso-words.ts";

/** How people of a workspace sign in by their own organisation, and a form to set that up. */
export function SingleSignOn({ workspace, connections }: { workspace: Workspace; connections: Connection[] }) {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt } = useAttempt();
  const [made, setMade] = useState<string | null>(null);
  const path = `/workspaces/${workspace.id}/sso`;

  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const json = Object.fromEntries(new FormData(form));
    const isDone = await attempt(async () => setMade((await readApi<Connection>(path, { method: "POST", json })).id));
    if (isDone) form.reset();
    await revalidate();
  };
  const nameError = fieldError(problem, "name");

  return (
    <Section
      title="Single sign-on"
      lead="People with an address of your organisation sign in by its own provider, and become members."
    >
      <div className="flex flex-col gap-4">
        {connections.map((connection) => (
          <SsoConnection
            key={connection.id}
            connection={connection}
            path={`${path}/${connection.id}`}
            isNew={connection.id === made}
          />
        ))}
        <form onSubmit={(event) => void add(event)} noValidate className="flex flex-wrap items-start gap-3">
          <TextField
            label="Name"
            name="name"
            placeholder="Your organisation"
            autoComplete="organization"
            maxLength={60}
            className="min-w-0 flex-1 basis-48 max-sm:basis-full"
            error={nameError}
          />
          <SelectField
            label="Protocol"
            name="kind"
            className="basis-48 max-sm:basis-full"
            options={[
              { value: "oidc", label: kindNames.oidc },
              { value: "saml", label: kindNames.saml },
            ]}
          />
          <Button type="submit" busy={busy} className="h-11 max-sm:w-full sm:mt-[1.625rem]">
            <PlusIcon /> Add
          </Button>
        </form>
        {problem && !nameError && <Notice tone="danger">{problem.detail}</Notice>}
      </div>
    </Section>
  );
}
