type Rows<R> = { rows: R[]; next: string | null };

/**
 * All pages of a list, for an export. The first was read before the answer began, so that what fails then is answered as any
 * other failure. Each is a transaction of its own: a slow reader holds none, and one who goes away has no further page read.
 */
export async function* pagesFrom<R>(first: Rows<R>, read: (cursor: string) => Promise<Rows<R>>): AsyncIterable<R[]> {
  for (let page = first; ; page = await read(page.next)) {
    yield page.rows;
    if (page.next === null) return;
  }
}
