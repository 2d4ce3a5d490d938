/** A step in a list is a line of it; `**words**` are what stands on a button, `[words](address)` leads there. */
export type Block = string | readonly string[];

/** `id` is the anchor that the product links to. */
export type Section<Id extends string> = Readonly<{ id: Id; title: string; body: readonly Block[] }>;

/** One article in one language. */
export type Article<Id extends string = string> = Readonly<{
  title: string;
  lead: string;
  sections: readonly Section<Id>[];
}>;
