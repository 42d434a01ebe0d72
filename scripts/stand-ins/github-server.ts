import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { type OnLoopback, onLoopback } from "./loopback.ts";

/** What this installation is to GitHub. */
export const githubClient = { id: "gh-understudy", secret: "github-stand-in-secret" };

/** Who signs in, in the parameter `person` of the address that the browser is sent to. */
export interface GitHubPerson {
  id: number;
  login: string;
  name: string | null;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

interface Grant {
  challenge: string;
  redirectUri: string;
  person: GitHubPerson;
}

/** Plays GitHub's sign-in for web applications: its page, which agrees at once, the exchange of codes, and two calls of its API. */
export async function startGitHubStandIn(): Promise<OnLoopback> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, GitHubPerson>();
  const exchange = (form: URLSearchParams) => {
    const code = form.get("code") ?? "";
    const grant = codes.get(code);
    codes.delete(code);
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isOurs = form.get("client_id") === githubClient.id && form.get("client_secret") === githubClient.secret;
    if (!grant || !isOurs || grant.challenge !== verifier || grant.redirectUri !== form.get("redirect_uri"))
      return { error: "bad_verification_code", error_description: "The code passed is incorrect or expired." };
    const token = `gho_${randomUUID()}`;
    tokens.set(token, grant.person);
    return { access_token: token, token_type: "bearer", scope: "read:user,user:email" };
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://github");
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/login/oauth/authorize") {
      const said = (name: string) => url.searchParams.get(name) ?? "";
      const person = JSON.parse(said("person")) as GitHubPerson;
      const code = randomUUID();
      codes.set(code, { challenge: said("code_challenge"), redirectUri: said("redirect_uri"), person });
      const back = new URL(said("redirect_uri"));
      back.search = new URLSearchParams({ code, state: said("state") }).toString();
      return response.writeHead(302, { Location: back.href }).end();
    }
    if (url.pathname === "/login/oauth/access_token") {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      return answer(200, exchange(new URLSearchParams(text)));
    }
    const person = tokens.get(request.headers.authorization?.replace("Bearer ", "") ?? "");
    if (!person || !request.headers["user-agent"]) return answer(401, { message: "Requires authentication" });
    const { emails, ...profile } = person;
    return answer(200, url.pathname === "/user/emails" ? emails : profile);
  });
  return onLoopback(server);
}
