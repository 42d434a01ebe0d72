import { type ESTree, parseSync, Visitor } from "vite";

interface FunctionLength {
  name: string;
  lines: number;
}

type Named = ESTree.Function | ESTree.ArrowFunctionExpression;

const nameOf = (key: ESTree.Node | null): string => (key?.type === "Identifier" ? key.name : "");

/** Each function of a source with how many lines it has; one without a name of its own bears that of what holds it. */
export function functionLengths(file: string, text: string): FunctionLength[] {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const found: FunctionLength[] = [];
  const names = new Map<ESTree.Node, string>();
  const hold = (key: ESTree.Node, value: ESTree.Node | null) => void (value && names.set(value, nameOf(key)));
  const measure = (node: Named) => {
    const lines = text.slice(node.start, node.end).split("\n").length;
    found.push({ name: nameOf(node.id) || names.get(node) || "a function", lines });
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => hold(id, init),
    Property: ({ key, value }) => hold(key, value),
    PropertyDefinition: ({ key, value }) => hold(key, value),
    MethodDefinition: ({ key, value }) => hold(key, value),
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  return found;
}
