import type { Row } from '../../knowledge/row';
import type { CNode } from '../../parse/source';
import { addressOf, store } from './access';
import { isPointer, isScalar } from './ctype';
import type { Arguments, Local } from '../frame';
import * as givers from '../references/giver';
import type { Lowering } from '../lowering';
import { fieldPlace, placeOf } from './place';
import { lookup, within } from './scope';
import type { Place } from './value';

/** Locals that a call is handed, by their addresses, for it to put something there. */

interface Target {
	readonly node: CNode;
	readonly local: Local;
}

const isAddress = (node: CNode): boolean => node.type === 'pointer_expression' && node.children[0]?.type === '&';

/** The local whose address the argument is; with `itself`, as a macro is given it, also the one that it names. */
function targetOf(l: Lowering, { node, frame }: Arguments[number], itself = false): Target | null {
	const named = isAddress(node) ? node.field('argument') : itself ? node : null;
	const local = named?.type === 'identifier' ? within(l, frame, () => lookup(l, named.text)) : undefined;
	return named && local ? { node: named, local } : null;
}

const placeIn = (l: Lowering, { frame }: Arguments[number], { node }: Target): Place | null => within(l, frame, () => placeOf(l, node));

/** The argument is a local's address: what the local holds after the call is unknown. */
export function handsOut(l: Lowering, name: string, arg: Arguments[number], index: number): boolean {
	const target = targetOf(l, arg);
	if (target?.local.kind !== 'memory') return false;
	const { type } = target.local;
	const place = placeIn(l, arg, target);
	if (place && !(type.struct && type.pointer === 0)) store(l, place, givers.given(l, `${name} ${index}`, l.unknown(`${l.frame.id}@${arg.node.start}o`, type), true));
	return true;
}

/** In an outline a call that does nothing else to the machine has put a number into each local whose address it is given. */
export function fills(l: Lowering, row: Row, args: Arguments): void {
	if (!l.outline || l.frame.file.modelled || !(row.effect === 'none' || row.effect === 'might-sleep')) return;
	for (const [index, arg] of args.entries()) {
		const local = targetOf(l, arg)?.local;
		if (local?.kind === 'memory' && isScalar(local.type)) handsOut(l, row.api, arg, index);
	}
}

/** What the call puts there is unknown: in the variable that a macro is given, in the local or its members whose address it is. */
export function writes(l: Lowering, { writes: indices = [] }: Row, args: Arguments): void {
	for (const index of indices) {
		const arg = args[index];
		const target = arg && targetOf(l, arg, true);
		const place = target && placeIn(l, arg, target);
		if (!place || target.local.kind === 'argument' || isPointer(target.local.type)) continue;
		const { type } = target.local;
		const id = `${l.frame.id}@${arg.node.start}w`;
		if (isScalar(type)) {
			l.from(arg.node);
			store(l, place, l.unknown(id, type));
		} else if (place.kind === 'memory' && type.struct) {
			for (const [name, field] of l.world.fieldsOf(l.world.name(type))) {
				if (!isScalar(field.type)) continue;
				const member = { ...fieldPlace(l, addressOf(l, place), name), own: true };
				store(l, member, l.unknown(`${id}.${name}`, field.type));
			}
		}
	}
}
