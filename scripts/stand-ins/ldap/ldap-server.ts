import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import { Attribute, Client } from "ldapts";
import { ensureSlapd } from "./ldap-certificates.ts";
import { ldapBase, ldapEntries, ldapSearch } from "./ldap-people.ts";

const administrator = { dn: `cn=root,${ldapBase}`, password: "stand-in-root" };

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createTcpServer().listen(0, "127.0.0.1"));
  await Promise.all(probes.map((probe) => once(probe, "listening")));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), "close")));
  return ports;
}

const settings = (dir: string) => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${dir}/slapd.pid
allow bind_anon_cred bind_anon_dn
TLSCACertificateFile ${dir}/ca.pem
TLSCertificateFile ${dir}/server.pem
TLSCertificateKeyFile ${dir}/server.key
database mdb
suffix "${ldapBase}"
rootdn "${administrator.dn}"
rootpw ${administrator.password}
directory ${dir}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=open,${ldapBase}" by * read
access to * by dn.exact="${ldapSearch.dn}" read by * none
`;

/** Resolves once the server takes connections, which is a moment after it says that it is starting. */
async function untilStarted(child: ChildProcess, port: number, lines: string[]): Promise<void> {
  for (;;) {
    const probe = connect(port, "127.0.0.1");
    const isThere = await once(probe, "connect").then(
      () => true,
      () => false,
    );
    probe.destroy();
    if (isThere) return;
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}:\n${lines.join("\n")}`);
    await delay(20);
  }
}

export interface LdapStandIn {
  /** `ldap://` and `ldaps://` on 127.0.0.1. */
  url: string;
  secureUrl: string;
  /** Shows a certificate that nobody signed, and says nothing. */
  untrustedUrl: string;
  /** Answers all that the server has logged of its connections, binds and searches. */
  log: string;
}

/**
 * OpenLDAP's server with the people of `ldap-people.ts` and what `makeCertificates` made; null where that has made nothing. It lets
 * anybody bind with a name and no password, as RFC 4513 has it and some directories do.
 */
export async function startLdapServer(
  dir: string | null | undefined,
): Promise<(LdapStandIn & { close(): Promise<void> }) | null> {
  const slapd = ensureSlapd();
  if (!slapd || !dir) return null;
  rmSync(join(dir, "data"), { recursive: true, force: true });
  mkdirSync(join(dir, "data"));
  writeFileSync(join(dir, "slapd.conf"), settings(dir));
  const [port = 0, securePort = 0] = await freePorts(2);
  const [url, secureUrl] = [`ldap://127.0.0.1:${port}`, `ldaps://127.0.0.1:${securePort}`];
  // Level 256 tells of connections, operations and their results, and keeps it in the foreground.
  const child = spawn(slapd, ["-f", join(dir, "slapd.conf"), "-h", `${url} ${secureUrl}`, "-d", "256"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: string[] = [];
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  const log = createServer((_, response) => response.end(lines.join("\n")));
  const pem = (name: string) => readFileSync(join(dir, name), "utf8");
  const untrusted = createTlsServer({ cert: pem("own.pem"), key: pem("own.key") });
  untrusted.on("tlsClientError", () => {});
  const orphaned = () => child.kill();
  process.once("exit", orphaned);
  const close = async () => {
    const ended = once(child, "exit");
    if (child.exitCode === null && child.kill()) await ended;
    process.off("exit", orphaned);
    log.closeAllConnections();
    log.close();
    untrusted.close();
  };
  try {
    await untilStarted(child, port, lines);
    const client = new Client({ url });
    await client.bind(administrator.dn, administrator.password);
    for (const [dn, attributes] of ldapEntries)
      await client.add(
        dn,
        Object.entries(attributes).map(
          ([type, values]) => new Attribute({ type, values: [values].flat() as string[] | Buffer[] }),
        ),
      );
    await client.unbind();
    await Promise.all([log, untrusted].map((server) => once(server.listen(0, "127.0.0.1"), "listening")));
  } catch (error) {
    await close();
    throw error;
  }
  const portOf = (server: typeof log | typeof untrusted) => (server.address() as AddressInfo).port;
  return {
    url,
    secureUrl,
    untrustedUrl: `ldaps://127.0.0.1:${portOf(untrusted)}`,
    log: `http://127.0.0.1:${portOf(log)}`,
    close,
  };
}
