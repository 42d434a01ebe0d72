import { api, attempt, need } from "../api.server.ts";
import { standardModelIn } from "../chat/settings/model-name.ts";
import { DemoStage } from "../landing/demo-stage.tsx";
import { Pitch } from "../landing/pitch.tsx";
import { useRootData } from "../root-data.ts";
import { SiteFooter } from "../shell/site-footer.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import { socialCard } from "../social-card.ts";
import { ButtonLink } from "../ui/button.tsx";
import { waiting } from "../waiting.ts";
import type { Route } from "./+types/landing.ts";

export const handle = waiting;

export const meta: Route.MetaFunction = ({ matches: [root] }) =>
  socialCard({
    title: "Understudy: AI stand-ins that show their sources",
    description:
      "Turn your documents into a stand-in that answers in your place. Every answer shows the page it comes from.",
    origin: root.loaderData?.origin,
  });

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [demo, models, policy] = await Promise.all([
    attempt(v1.public.demo.$get()),
    attempt(api({ request, context }, null).api.v1.models.$get({ query: { default: "true" } })),
    need(request, v1.policy.$get()),
  ]);
  return {
    policy,
    demo: demo.ok ? demo.value : null,
    model: models.ok ? standardModelIn(models.value.data) : null,
  };
}

export default function Landing({ loaderData }: Route.ComponentProps) {
  const user = useRootData()?.user ?? null;
  return (
    <>
      <SiteHeader />
      <main id="content" tabIndex={-1} className="outline-none">
        <div className="mx-auto grid max-w-6xl gap-x-14 gap-y-8 px-4 pt-10 pb-16 sm:px-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:items-center lg:pt-16 lg:pb-24">
          <div>
            <h1 className="display text-[2.75rem] sm:text-6xl lg:text-[4.1rem]">
              Answers in your place. With&nbsp;the&nbsp;page.
            </h1>
            <p className="mt-5 max-w-lg text-ink-soft text-lg sm:text-xl">
              Give Understudy your documents. It becomes a stand-in that people can ask, and every answer shows the
              passage it comes from.
            </p>
            <div className="mt-7 flex flex-wrap items-center gap-3">
              {user ? (
                <ButtonLink to="/clones" look="primary" size="large">
                  Go to your clones
                </ButtonLink>
              ) : (
                <ButtonLink to="/sign-up" look="primary" size="large">
                  Make your own
                </ButtonLink>
              )}
              <ButtonLink to="#how" look="quiet" size="large" prefetch="none">
                How it works
              </ButtonLink>
            </div>
          </div>
          <DemoStage demo={loaderData.demo} model={loaderData.model} />
        </div>
        <Pitch signedIn={user !== null} />
      </main>
      <SiteFooter policy={loaderData.policy} />
    </>
  );
}
