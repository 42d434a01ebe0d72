import { type ESTree, parseSync, Visitor } from "vite";

/** What makes fractions of whole numbers, or takes them for amounts. */
const functions = /^(?:parseFloat|Number\.parseFloat|Math\.(?:round|floor|ceil|trunc|fround))$|\.toFixed$/;

const nameOf = (node: ESTree.Node): string => {
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" ? `${nameOf(node.object)}.${nameOf(node.property)}` : "";
};

/**
 * Where a source that counts money leaves whole numbers: a fraction, a division that is none of BigInts, or a function that rounds one. Each as a sentence. Money is parted by
 * BigInt, and rounded where a rule says so.
 */
export function moneyFaults(file: string, text: string): string[] {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const bigs = new Set<string>();
  const isBig = (node: ESTree.Node): boolean => {
    if (node.type === "Literal") return "bigint" in node;
    if (node.type === "CallExpression") return nameOf(node.callee) === "BigInt";
    if (node.type === "BinaryExpression") return isBig(node.left) || isBig(node.right);
    return node.type === "Identifier" && bigs.has(node.name);
  };
  const faults: string[] = [];
  const fault = (node: ESTree.Node, what: string) => {
    faults.push(`${file}:${text.slice(0, node.start).split("\n").length}: ${what}`);
  };
  const divides = (node: ESTree.BinaryExpression | ESTree.AssignmentExpression) => {
    if (!/^[/%]=?$/.test(node.operator) || isBig(node.left) || isBig(node.right)) return;
    fault(node, "divides what is no BigInt: money is whole, and parted by rules.");
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === "Identifier" && init && isBig(init)) bigs.add(id.name);
    },
  }).visit(program);
  new Visitor({
    BinaryExpression: divides,
    AssignmentExpression: divides,
    Literal: (node) => {
      if (typeof node.value === "number" && !Number.isInteger(node.value)) fault(node, "has a fraction in it.");
    },
    CallExpression: (node) => {
      const name = nameOf(node.callee);
      if (functions.test(name)) fault(node, `calls ${name}: money has no fractions that would need it.`);
    },
  }).visit(program);
  return faults;
}
