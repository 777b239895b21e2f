import * as v from 'valibot';

/**
 * The same as the variant, found by one look at its tag instead of a try of each option: an unknown tag is refused by the
 * variant itself, in its own words. Marked as free of side effects: the extension's content script leaves out the schemas
 * that only a relay reads.
 */
/*@__NO_SIDE_EFFECTS__*/
export function byTag<const K extends string, const V extends v.VariantSchema<K, v.VariantOptions<K>, undefined>>(
  variant: V,
): v.LazySchema<V> {
  const options = new Map<unknown, unknown>();
  for (const option of variant.options) {
    const tag = 'entries' in option ? option.entries[variant.key] : undefined;
    if (tag && 'literal' in tag) options.set(tag.literal, option);
  }
  const isTagged = (input: unknown): input is Record<K, unknown> =>
    typeof input === 'object' && input !== null && variant.key in input;
  // One option of a variant is all of it, for an input with that tag.
  return v.lazy((input) => ((isTagged(input) && options.get(input[variant.key])) || variant) as V);
}
