/** Whether two names, ids or hosts are the same to Azure, which compares them without case. */
export function same(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
