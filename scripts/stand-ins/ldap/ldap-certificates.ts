import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureFromDebian } from "../../debian-packages.ts";

const places = ["/usr/sbin/slapd", "/usr/libexec/slapd"];
const find = () => (existsSync("/usr/bin/openssl") ? places.find((path) => existsSync(path)) : undefined);

/** The path of OpenLDAP's server, installed from Debian's packages where that can be done without asking. */
export const ensureSlapd = (): string | undefined =>
  ensureFromDebian(find, {
    packages: ["slapd", "openssl"],
    purpose: "the tests of sign-in by a directory",
    // Nothing is to run but what the tests start.
    answers: "slapd slapd/no_configuration boolean true",
  });

/**
 * Makes an authority of our own, and by it a certificate for 127.0.0.1 alone, as under its other names the server is not to be believed;
 * and a certificate that nobody signed. All in one directory, which is there until this process ends; null where there is no server to
 * have them.
 */
export function makeCertificates(): string | null {
  if (!ensureSlapd()) return null;
  const dir = mkdtempSync(join(tmpdir(), "understudy-ldap-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: dir, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  writeFileSync(join(dir, "extensions"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = ["-addext", "basicConstraints=critical,CA:TRUE", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30"];
  openssl("req", "-x509", ...key, "-subj", "/CN=Stand-in authority", ...ca);
  openssl("req", ...key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr");
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "extensions"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", ...by);
  const own = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "own.key", "-out", "own.pem", "-days", "30"];
  openssl("req", "-x509", ...key, "-subj", "/CN=127.0.0.1", ...own);
  // What is trusted besides stays so.
  const others = process.env.NODE_EXTRA_CA_CERTS;
  const pem = readFileSync(join(dir, "ca.pem"), "utf8");
  writeFileSync(
    join(dir, "trusted.pem"),
    others && existsSync(others) ? `${readFileSync(others, "utf8")}\n${pem}` : pem,
  );
  return dir;
}

/** For `NODE_EXTRA_CA_CERTS`, by which the local runtime trusts the authority as well. */
export const trustedFile = (certificates: string) => join(certificates, "trusted.pem");
