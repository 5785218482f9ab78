export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** A value of the page's query; of one that is given twice, nothing. */
export async function queryOf<const T extends string>({ searchParams }: PageProps, ...names: T[]) {
  const given = await searchParams;
  const entries = names.map((name) => [name, typeof given[name] === "string" ? given[name] : undefined]);
  return Object.fromEntries(entries) as Record<T, string | undefined>;
}
