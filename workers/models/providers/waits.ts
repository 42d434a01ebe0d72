import type { Config } from "../../platform/config/config.ts";
import { addressOfHost, hostOf, isNetworkName, isPublicAddress } from "../../platform/fetch/guarded-fetch-address.ts";
import type { Lane, Waits } from "../ports/connection.ts";

/** Ways by which a machine of one's own is reached from elsewhere: tunnels, and networks of one's own. */
const tunnels =
  /\.(?:ts\.net|trycloudflare\.com|cfargotunnel\.com|ngrok\.(?:io|app|dev)|ngrok-free\.(?:app|dev)|loca\.lt|localhost\.run|lhr\.life|devtunnels\.ms)$/;
/** Where Ollama answers, and LM Studio. */
const portsOfBoxes = new Set(["11434", "1234"]);

/** A machine of one's own loads a model before its first word, and a long prompt keeps it busy between two. */
const ofBox: Waits = { firstTokenMs: 5 * 60_000, stallMs: 45_000 };
const ofCloud: Waits = { firstTokenMs: 30_000, stallMs: 20_000 };

/** Whether an address is of this machine or a network of one's own. */
function isPrivate({ hostname }: URL): boolean {
  const ip = addressOfHost(hostname);
  return ip !== null ? !isPublicAddress(ip) : isNetworkName(hostname);
}

/** Whether a server is a machine of somebody's own, by its address: on this machine or its network, behind a tunnel, or where such servers usually are. */
export function isOwnBox(address: string): boolean {
  const url = new URL(address);
  return isPrivate(url) || tunnels.test(url.hostname) || portsOfBoxes.has(url.port);
}

/** Whose machine a server is, where only its address tells: what could be somebody else's is taken for a cloud. */
export const laneOf = (address: string): Exclude<Lane, "offline"> => (isPrivate(new URL(address)) ? "own" : "cloud");

/** Whether the operator has allowed a host to workspaces: it is one of the installation's own machines. */
export const isAllowedHost = ({ MODEL_HOSTS }: Config, address: string) =>
  MODEL_HOSTS.includes(hostOf(new URL(address)));

/** As it is set up, else what is usual. */
const waitsOr = ({ MODEL_FIRST_TOKEN_SECONDS, MODEL_STALL_SECONDS }: Config, usual: Waits): Waits => ({
  firstTokenMs: MODEL_FIRST_TOKEN_SECONDS ? MODEL_FIRST_TOKEN_SECONDS * 1_000 : usual.firstTokenMs,
  stallMs: MODEL_STALL_SECONDS ? MODEL_STALL_SECONDS * 1_000 : usual.stallMs,
});

/** How long a server is waited for: as it is set up, else by whose machine it is. */
export const waitsFor = (config: Config, address: string): Waits =>
  waitsOr(config, isOwnBox(address) ? ofBox : ofCloud);

/** How long a machine of one's own is waited for, whatever its address looks like. */
export const waitsOfBox = (config: Config): Waits => waitsOr(config, ofBox);
