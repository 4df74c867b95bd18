import type { Address } from '../../../sim';
import { compile } from '../descent';
import type { Place as PlaceText, Row } from '../../knowledge/row';
import type { CNode } from '../../parse/source';
import type { CType } from '../values/ctype';
import { at } from '../emitted/emitter';
import type { Arguments, Frame } from '../frame';
import type { Lowering } from '../lowering';
import type { Place, Val } from '../values/value';
import { derefPlace, placeOf } from '../values/place';
import { within } from '../values/scope';

/** One call of an API that a row describes. */
export interface Call<R extends Row = Row> {
	readonly l: Lowering;
	readonly row: R;
	readonly args: Arguments;
	readonly node: CNode;
	readonly hint: CType;
	/** Where `arg0` … are bound. */
	readonly frame: Frame;
	readonly caller: Frame;
}

/** Emits what the effect does; its value, or undefined where the row's `returns` tells it. */
export type Handler = (call: Call) => Val | undefined;

export type RowOf<E extends Row['effect']> = Row & { readonly effect: E };

/** The place that a row's expression denotes at this call; null when the call's arguments denote none. */
export function placeAt(c: Call, text: PlaceText): (Place & { kind: 'memory' }) | null {
	const { l } = c;
	const node = l.sources.expression(text);
	if (!node) return null;
	const place = within(l, c.frame, () => placeOf(l, node));
	if (place?.kind === 'memory') return place;
	// The argument is a plain variable that stands for the pointer.
	if (place?.kind === 'register' && place.local.type.pointer > 0) return derefPlace(l, within(l, c.frame, () => compile(l, node))) as Place & { kind: 'memory' };
	return null;
}

export function valueAt(c: Call, text: PlaceText, hint?: CType): Val {
	const { l } = c;
	const node = l.sources.expression(text);
	if (!node) return l.constant(0);
	return within(l, c.frame, () => compile(l, node, hint));
}

/** The place as the machine addresses it. */
export const address = (place: Place & { kind: 'memory' }): Address => at(place.base, place.offset);
