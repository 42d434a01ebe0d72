import { balanceOf, reverse, transfer } from "./act-connect.ts";
import { type Asked, listed, type Routes, read } from "./asked.ts";
import { invalid } from "./failure.ts";
import { amountIn, metadataIn, paramsIn, requiredIn, textIn, wholeIn } from "./form.ts";
import { newAccount } from "./shapes-connect.ts";
import { page } from "./store.ts";

const hour = 3_600_000;

function createLink({ store, params, origin }: Asked): object {
  const account = store.get("account", requiredIn(params, "account"));
  const use = paramsIn(params, "use_case");
  const type = requiredIn(use, "type");
  if (type !== "account_onboarding") throw invalid("This stand-in has links for account_onboarding alone.");
  const onboarding = paramsIn(use, "account_onboarding");
  const refresh_url = requiredIn(onboarding, "refresh_url");
  const return_url = textIn(onboarding, "return_url") ?? refresh_url;
  const id = store.newId("link");
  const {
    id: _,
    return_url: _return,
    ...link
  } = store.put("account_link", {
    id,
    return_url,
    object: "v2.core.account_link",
    account: account.id,
    created: new Date().toISOString(),
    expires_at: new Date(Date.now() + hour).toISOString(),
    livemode: false,
    url: `${origin}/connect/${id}`,
    use_case: { account_onboarding: { refresh_url, return_url }, type },
  });
  return link;
}

function balance({ store, account }: Asked): object {
  const available = [...balanceOf(store, account)].map(([currency, amount]) => ({ amount, currency }));
  return { object: "balance", available, livemode: false, pending: [] };
}

/** What stays out unless it is asked for is left out here too. */
function readAccount({ store, query, ids: [id = ""] }: Asked): object {
  const { configuration, requirements, identity, defaults, ...account } = store.get("account", id);
  const wanted = [...query].filter(([name]) => name.startsWith("include")).map(([, value]) => value);
  const has = (name: string) => wanted.some((each) => each.startsWith(name));
  return {
    ...account,
    ...(has("configuration") ? { configuration } : {}),
    ...(has("requirements") && requirements ? { requirements } : {}),
    ...(has("identity") ? { identity } : {}),
    ...(has("defaults") ? { defaults } : {}),
  };
}

/** What is connected, and what moves money between accounts. */
export const connectRoutes: Routes = {
  "POST /v2/core/accounts": ({ store, params }) =>
    newAccount(store, {
      email: textIn(params, "contact_email"),
      name: textIn(params, "display_name"),
      country: textIn(paramsIn(params, "identity"), "country"),
      metadata: metadataIn(params),
    }),
  "GET /v2/core/accounts/:id": readAccount,
  "POST /v2/core/account_links": createLink,
  "GET /v2/core/events/:id": read("thin_event"),
  "POST /v1/transfers": ({ store, params }) =>
    transfer(store, {
      amount: amountIn(params, "amount"),
      currency: requiredIn(params, "currency"),
      destination: requiredIn(params, "destination"),
      group: textIn(params, "transfer_group"),
      source: textIn(params, "source_transaction"),
      metadata: metadataIn(params),
      description: textIn(params, "description"),
    }),
  "GET /v1/transfers": listed("transfer", ["transfer_group", "destination"]),
  "GET /v1/transfers/:id": read("transfer"),
  "POST /v1/transfers/:id/reversals": ({ store, params, ids: [id = ""] }) =>
    reverse(store, id, { amount: wholeIn(params, "amount"), metadata: metadataIn(params) }),
  "GET /v1/transfers/:id/reversals": ({ store, query, ids: [id = ""] }) =>
    page(`/v1/transfers/${id}/reversals`, store.get("transfer", id).reversals.data, query),
  "GET /v1/payouts": listed("payout", ["status", "account"]),
  "GET /v1/payouts/:id": read("payout"),
  "GET /v1/balance": balance,
};
