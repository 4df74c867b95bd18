import { CORE, DRIVERS, filesOf, type FunctionText, functionsOf } from '../kernel-tree';
import { editedLines, patchOf, reversedPatch, type Edit } from '../edit';
import { seeded, shuffled } from '../random';
import type { MutantKind } from './kind';
import { KINDS } from './kinds';
import { surroundingsOf } from './surroundings';

export interface Mutant {
	readonly kind: MutantKind;
	readonly fn: FunctionText;
	readonly edits: readonly Edit[];
	readonly patch: string;
}

/** The other way round: the mutant's file is what stands, and the patch restores the original, without a word of why. */
export const restoring = ({ fn, edits, patch }: Mutant): { readonly patch: string; readonly text: string } => ({
	patch: reversedPatch(patch, `${fn.name}: change locking`), text: editedLines(fn.lines, edits).join('\n'),
});

/** Driver files looked at: a sample of some thousands. */
const DRIVER_FILES_BOUND = 700;

/** At most `limit` mutants, as many of each kind as there are and as fit; the seed decides which. */
export function mutantsOf(tree: string, seed: number, limit: number, only?: string): readonly Mutant[] {
	const random = seeded(seed);
	const files = [...filesOf(tree, CORE), ...shuffled(filesOf(tree, DRIVERS), random).slice(0, DRIVER_FILES_BOUND)];
	const kinds = KINDS.filter(({ name }) => only === undefined || only.split(',').includes(name));
	const around = surroundingsOf(tree);
	const places = new Map(kinds.map((kind) => [kind, [] as { readonly fn: FunctionText; readonly edits: readonly Edit[] }[]]));
	for (const file of files) {
		const functions = functionsOf(tree, file);
		for (const fn of functions) {
			for (const kind of kinds) {
				places.get(kind)!.push(...kind.places(fn, functions, around).map((edits) => ({ fn, edits })));
			}
		}
	}
	const queues = kinds.map((kind) => ({ kind, queue: [...shuffled(places.get(kind)!, random)] }));
	const chosen: Mutant[] = [];
	while (chosen.length < limit && queues.some(({ queue }) => queue.length > 0)) {
		for (const { kind, queue } of queues) {
			// One of a kind per function: several show one cause more than once.
			let place = queue.shift();
			while (place && chosen.some((other) => other.kind === kind && other.fn.name === place!.fn.name)) {
				place = queue.shift();
			}
			if (place && chosen.length < limit) {
				chosen.push({ kind, ...place, patch: patchOf(place.fn, `${place.fn.name}: simplify`, place.edits) });
			}
		}
	}
	return chosen;
}
