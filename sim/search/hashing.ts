/** Odd multipliers, one per word of a state, so that equal words in different places count differently. */
export const multiplier = (i: number): number => Math.imul(2 * i + 1, 0x9e3779b1) | 1;

/** Spreads what is in the upper bits over the lower ones. */
export function finish(sum: number): number {
	const hash = Math.imul(sum ^ (sum >>> 15), 0x85ebca6b);
	return hash ^ (hash >>> 13);
}
