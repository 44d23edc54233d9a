/**
 * A node without places in a text: what is built by those who have no text yet. Every node of the parser is one, too; its places do
 * not count.
 */
export type Unplaced<Node> = Node extends readonly (infer Element)[]
  ? readonly Unplaced<Element>[]
  : Node extends object
    ? { readonly [Key in keyof Node as Key extends 'span' ? never : Key]: Unplaced<Node[Key]> }
    : Node;
