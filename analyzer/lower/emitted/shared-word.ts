import type { Lowering } from '../lowering';
import type { Place } from '../values/value';
import { at, reg, value } from './emitter';
import { INT } from '../values/ctype';

/** A bit field that another thread stores to and this one does not, in the word of one that this one stores to. */
interface Neighbour {
	readonly key: string;
	readonly cell: string;
	readonly loaded: number;
}

/** The model's own cell that tells when the bit field was stored to. */
const CELL = '__word_';

/**
 * Stores to a bit field: a load of its whole word and a store of it, by which what another thread gave a neighbour in between is lost. `plain` emits the
 * store of the field itself. Neighbours that nobody else stores to, or this thread as well, are left out: then the store is one step like any other.
 */
export function storeInWord(l: Lowering, place: Place & { readonly kind: 'memory' }, plain: () => void): void {
	const [owner, name] = [place.key.slice(0, place.key.indexOf('.')), place.key.slice(place.key.indexOf('.') + 1)];
	const neighbours = l.outline || l.thread < 0 ? [] : neighboursOf(l, owner, name);
	if (neighbours.length === 0) return plain();
	const address = (cell: string): ReturnType<typeof at> => at(place.base, place.offset - l.world.offset(owner, name) + l.world.offset(owner, cell));
	const own = `${CELL}${name}`;
	for (const cell of [own, ...neighbours.map((each) => each.cell)]) l.world.field(owner, cell, INT);
	l.emitter.atomically(() => {
		for (const { cell, key, loaded } of neighbours) {
			l.emitter.visible({ op: 'load', dst: loaded, at: address(cell), order: 'plain', watch: l.watch(`${owner}.${cell}`) }, { key, marked: true });
		}
	});
	l.emitter.atomically(() => {
		plain();
		l.emitter.visible({ op: 'store', at: address(own), from: value(1), order: 'plain' }, { key: place.key, marked: true });
		for (const { cell, key, loaded } of neighbours) {
			const message = `the update of ${place.key} writes back the whole word, and overwrites another thread's update of ${key}, which it has not seen: these bit fields share the word`;
			l.emitter.visible({ op: 'store', at: address(cell), from: reg(loaded), order: 'plain', unless: { watch: l.watch(`${owner}.${cell}`), check: 'lost-data', message } }, { key, marked: true });
		}
	});
}

function neighboursOf(l: Lowering, owner: string, name: string): readonly Neighbour[] {
	const members = l.world.oracle.struct(owner)?.members ?? [];
	const word = members.find((member) => member.name === name)?.word;
	if (word === undefined) return [];
	return members.flatMap((member) => {
		const key = `${owner}.${member.name}`;
		if (member.word !== word || member.name === name || l.facts.stored.has(`${l.thread}:${key}`) || !l.facts.storedElsewhere(l.thread, key)) return [];
		return [{ key, cell: `${CELL}${member.name}`, loaded: l.emitter.register() }];
	});
}
