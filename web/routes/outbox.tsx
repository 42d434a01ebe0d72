import { MailIcon } from "@primer/octicons-react";
import { Form } from "react-router";
import { api, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { TextField } from "../ui/field.tsx";
import { When } from "../ui/when.tsx";
import type { Route } from "./+types/outbox.ts";

export const meta = () => [{ title: "Outbox · Understudy" }];

/** Mails of a development server; in production the API knows no outbox, and neither does this page. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const to = new URL(request.url).searchParams.get("to")?.trim() ?? "";
  const { data } = await need(request, api({ request, context }).api.v1.outbox.$get({ query: to ? { to } : {} }));
  return { mails: data, to };
}

/** The mail's text with the links of this server made links. */
function MailText({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <a key={index} href={part} className="text-accent underline underline-offset-4 [overflow-wrap:anywhere]">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

export default function Outbox({ loaderData }: Route.ComponentProps) {
  const { mails, to } = loaderData;
  return (
    <>
      <SiteHeader />
      <Page width="narrow" className="flex flex-col gap-5">
        <div>
          <h1 className="display text-4xl">Outbox</h1>
          <p className="mt-1 text-ink-soft">
            What this development server would have mailed. Nothing left the machine.
          </p>
        </div>
        <Form method="get" className="flex items-end gap-3">
          <TextField label="To" name="to" type="email" defaultValue={to} optional className="flex-1" />
          <Button type="submit" className="h-11">
            Filter
          </Button>
        </Form>
        {mails.length === 0 ? (
          <EmptyState icon={<MailIcon size={20} />} title="No mail yet">
            Sign up, or ask for a new password: the mail will be here.
          </EmptyState>
        ) : (
          mails.map((mail) => (
            <article key={mail.id} className="rounded-card border border-line bg-surface p-5 shadow-card">
              <h2 className="font-semibold text-lg">{mail.subject}</h2>
              <p className="text-ink-soft text-sm">
                To {mail.to}, <When iso={mail.created_at} />
              </p>
              <p className="mt-3 whitespace-pre-wrap">
                <MailText text={mail.text} />
              </p>
            </article>
          ))
        )}
      </Page>
    </>
  );
}
