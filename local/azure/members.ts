/** The words of a text that single blanks part. */
type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** One value for many names: most members of Azure's large objects are alike. Texts hold several names each. */
export function each<Value, Names extends string>(value: Value, ...names: Names[]): Record<Words<Names>, Value> {
  const all = names.flatMap((text) => text.split(" ")) as Words<Names>[];
  return Object.fromEntries(all.map((name) => [name, value])) as Record<Words<Names>, Value>;
}
