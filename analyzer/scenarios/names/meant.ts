import type { Side } from '../sides/side';
import type { Models } from '../sides/sources';

/** Whether a name leads to code: of the files, of a model, or of the tree. */
export const resolvable = (name: string, side: Side | null, models: Models): boolean =>
	side !== null && (side.functions.has(name) || models.functions.has(name) || side.sources.elsewhere(name, side.files[0]?.image.path ?? '') !== null);

export const isIdentifier = (name: string): boolean => /^[A-Za-z_]\w*_\w+$/.test(name);
/** Functions that a phrase of the prose may stand for. */
const PHRASE_BOUND = 4;

/**
 * The function itself; or models of the family that the prose abbreviates (`invalidate_inode_pages` for `…2_range`); or, for a phrase
 * (`hole punching`), the changed functions whose names have its words.
 */
export function similar(party: string, side: Side | null, models: Models): readonly string[] {
	if (isIdentifier(party) || side?.functions.has(party)) {
		if (resolvable(party, side, models)) return [party];
		return [...models.functions.keys()].filter((each) => each.startsWith(party) && !each.startsWith('__')).sort((a, b) => b.length - a.length).slice(0, 1);
	}
	const stems = party.toLowerCase().split(/[^a-z]+/).map((word) => word.replace(/(ing|es|ed|s)$/, '')).filter((word) => word.length >= 4);
	if (stems.length === 0 || !side) return [];
	const score = (name: string): number => stems.reduce((sum, stem, index) => sum + (name.includes(stem) ? 1 + index : 0), 0);
	return [...side.changed].map((name) => ({ name, score: score(name) })).filter((each) => each.score >= stems.length)
		.sort((a, b) => b.score - a.score).slice(0, PHRASE_BOUND).map((each) => each.name);
}
