import type { CNode } from '../../parse/source';
import { callsNamed, isNamed } from '../../knowledge/namings';
import { expression } from '../../knowledge/expressions';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Place, Val } from '../values/value';
import { isModelField } from '../values/access';

/**
 * What is looked up among things that are there all the while (nodes of the device tree, devices on a bus): the reference that comes with the find is all that
 * the function may drop of it, as nobody but who made the thing has another one to give.
 */

/** A look-up has handed it out with a reference. */
export function lent(l: Lowering, name: string, path: string): void {
	if (isNamed(l.sources.table, 'finds-lasting', name)) l.account(path, 'add', value(1), l.loaned);
}

/** Characters of a call that are told. */
const TOLD_BOUND = 80;
const told = (node: CNode): string => node.text.replace(/\s+/g, ' ').slice(0, TOLD_BOUND);

/** A reference of a find is dropped: it must not have been dropped before. */
export function givenUp(l: Lowering, place: Place & { kind: 'memory' }, node: CNode): void {
	if (!isFound(l, place) || !isShown(l, node)) return;
	const fine = l.emitter.label();
	const left = l.account(place.path, 'sub', value(1), l.loaned);
	l.emitter.branch(l.alu('ge', left, value(0)).operand, fine);
	l.emitter.local({ op: 'assert', cond: value(0), check: 'refcount-underflow', message: `${told(node)} drops the reference that came with the find once more` });
	l.emitter.place(fine);
}

/** A look-up gives back the reference of what it goes on behind: it must not be the one by which a field keeps it, where the field goes on pointing there. */
export function handedOn(l: Lowering, from: Val, node: CNode): void {
	const sources = from.unknown ? [...l.world.domains.sources(from.unknown)] : [];
	const fields = sources.filter((each) => each.startsWith('f:') && !OF_LOCAL.test(each) && !isModelField(each));
	if (fields.length === 0 || sources.some((each) => l.facts.taken.has(each) || l.facts.results.has(each)) || !isShown(l, node)) return;
	if (fields.some((each) => l.facts.stored.has(`${l.thread}:${each.slice(2)}`))) return;
	const none = l.emitter.label();
	l.emitter.branch(l.alu('le', from.operand, value(0)).operand, none);
	l.emitter.local({ op: 'assert', cond: value(0), check: 'refcount-underflow', message: `${told(node)} drops a reference of what it is given, which nobody has taken for it` });
	l.emitter.place(none);
}
/** The cell of a local whose address is taken. */
const OF_LOCAL = /^f:~\w*\.\w+\.value$/;

/** All that it may be came out of such look-ups, and the code takes no reference of its own. */
function isFound(l: Lowering, { holder }: Place & { kind: 'memory' }): boolean {
	const sources = holder ? [...l.world.domains.sources(holder)] : [];
	const names = sources.flatMap((each) => l.facts.results.get(each) ?? []);
	return names.length > 0 && names.every((name) => isNamed(l.sources.table, 'finds-lasting', name)) && !sources.some((each) => each.startsWith('f:') || l.facts.taken.has(each));
}

/** No lines are left out between the first look-up and here, in which a reference may have been taken. */
function isShown(l: Lowering, node: CNode): boolean {
	const { fn } = l.frame;
	if (!fn || l.frame.file.modelled) return false;
	const first = expression(callsNamed(l.sources.table, 'finds-lasting')).exec(fn.body.text);
	const from = fn.body.line + (first ? fn.body.text.slice(0, first.index).split('\n').length - 1 : 0);
	return fn.gaps.every((line) => line < from || line > node.line);
}
