import ipaddr from "ipaddr.js";

/** What has to be kept from addresses that are public by their number but answer from inside a cloud's network. */
const insidePublicRanges = ["168.63.129.16/32"];
/** The only part of IPv6 that is routed to everybody. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

const namesOfNetworks = /(^|\.)(localhost|local|internal|intranet|private|corp|lan|home|arpa|onion|invalid|test)$/;

/**
 * Whether an IP address may be reached for somebody else: public unicast and nothing that stands for another address. False for
 * private, loopback, link-local, shared, multicast, unspecified and reserved ones, for IPv4 inside IPv6, and for what is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  if (address.kind() === "ipv6") return address.match(globalUnicast);
  return !insidePublicRanges.some((range) => address.match(ipaddr.parseCIDR(range)));
}

/** A URL's host without the dots that may stand at its end. */
export const hostOf = ({ hostname }: URL) => hostname.toLowerCase().replace(/\.+$/, "");

/** The IP address that a URL's host is, without the brackets of IPv6, or null for a name. The URL parser has resolved `0x7f.1`. */
export function addressOfHost(host: string): string | null {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  return ipaddr.isValid(bare) ? bare : null;
}

/** Whether a name is one of a machine or a private network: without a dot, or under a name that no public resolver answers for. */
export function isNetworkName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.+$/, "");
  return !name.includes(".") || namesOfNetworks.test(name);
}
