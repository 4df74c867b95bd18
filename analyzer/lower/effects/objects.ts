import { failing, unlessFailing } from './may-fail';
import { valueOf } from '../values/argument';
import { callNamed } from '../descent';
import type { CNode } from '../../parse/source';
import { type CType, INT, isPointer, known, parseType, pointee, pointerTo } from '../values/ctype';
import { address, type Call, type Handler, placeAt, type RowOf, valueAt } from './call';
import { at, constantOf, value } from '../emitted/emitter';
import { droppedTwice, droppedUnseen, dropsByPatch, freedWhileOwed } from '../elided/account';
import { givenBack, spent, takes } from '../references/giver';
import { givenUp, handedOn } from '../references/lasting';
import { isFragment } from '../elided/passage';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { isModelField } from '../values/access';
import type { Frame } from '../frame';
import { CALLER, MODEL } from '../facts';
import { structOf } from '../values/place';

/** The count that the expression denotes; a struct of one member is that member. */
function countAt(c: Call, text: string): ReturnType<typeof placeAt> {
	const place = placeAt(c, text);
	const [owner = '', field = ''] = place?.key.split('.') ?? [];
	if (!place || !field || c.l.world.oracle.struct(owner)?.members.length !== 1) return place;
	const path = place.path.replace(new RegExp(`\\.${field}$`), '');
	// Who takes it by the struct, and who drops it by its member, mean one count.
	return { ...place, path, key: path === place.path ? place.key : path };
}

function get(c: Call): Val | undefined {
	const row = c.row as RowOf<'get'>;
	if (/\bret\b/.test(row.at)) return found(c, row.at);
	const place = countAt(c, row.at);
	if (!place) return undefined;
	return unlessFailing(c, row.fails, () => {
		takes(c.l, place);
		if (isFragment(c.caller) && c.caller.file.place(c.node.line).changed) c.caller.passage.gained.push(place.path);
		c.l.facts.counted(place.path, c.l.thread, 1);
		c.l.emitter.visible({ op: 'get', at: address(place) }, { key: place.key });
		c.l.released(place.base);
		c.l.account(place.path, 'add', value(1));
	});
}

/** A look-up that returns its find with a reference: NULL too, where the code tests for it. */
function found(c: Call, where: string): Val {
	const { l } = c;
	const type = known(c.hint) && isPointer(c.hint) ? c.hint : (l.sources.returns(c.row.api) ?? c.hint);
	const result = l.unknown(`${c.caller.id}@${c.node.start}`, type);
	const none = l.emitter.label();
	l.emitter.branch(l.alu('le', result.operand, value(0)).operand, none);
	c.frame.locals.set('ret', { kind: 'argument', node: c.node, frame: c.caller, val: result });
	const place = countAt(c, where);
	if (place) {
		l.facts.counted(place.path, l.thread, 1);
		l.emitter.visible({ op: 'get', at: address(place) }, { key: place.key });
		l.released(place.base);
		l.account(place.path, 'add', value(1));
	}
	l.emitter.place(none);
	return result;
}

function getUnlessZero(c: Call): Val | undefined {
	const row = c.row as RowOf<'get-unless-zero'>;
	const place = countAt(c, row.at);
	if (!place) return undefined;
	const taken = c.l.temporary();
	takes(c.l, place);
	c.l.facts.counted(place.path, c.l.thread, 1);
	c.l.emitter.visible({ op: 'get', at: address(place), unlessZero: true, dst: taken.operand.reg }, { key: place.key });
	c.l.released(place.base);
	c.l.account(place.path, 'add', taken.operand);
	return taken;
}

/** The cell of a local whose address is taken. */
const OF_LOCAL = /^f:~\w*\.\w+\.value$/;

/** The field out of which comes what is dropped keeps a reference of its own, where the code has not taken one: true for such a one. */
function kept({ l, caller }: Call, { holder, path }: { readonly holder?: string | undefined; readonly path: string }): boolean {
	if (caller.file.modelled) {
		l.facts.keeps(path, MODEL);
		return false;
	}
	const sources = holder ? [...l.world.domains.sources(holder)] : [];
	if (sources.some((each) => l.facts.taken.has(each))) return false;
	const fields = sources.filter((each) => each.startsWith('f:') && !isModelField(each) && !OF_LOCAL.test(each));
	for (const each of fields) {
		l.facts.keeps(path, each);
		l.world.owns(each.slice(2), path.slice(0, path.indexOf('.')));
	}
	// What is dropped is the field's: whoever handed the object in as well has his own.
	if (fields.length > 0 && isHandedIn(caller, path.slice(0, path.indexOf('.')))) l.facts.keeps(path, CALLER);
	return fields.length > 0;
}

/** The thread's function is given a pointer to one of the struct. */
function isHandedIn(frame: Frame, struct: string): boolean {
	let entered = frame;
	while (entered.parent?.parent) entered = entered.parent;
	return entered.fn?.params.some(({ type }) => new RegExp(`\\bstruct\\s+${struct}\\s*\\*$`).test(type)) ?? false;
}

/** Where the count is: of what a field leads to that nobody types, at the thing of its own, whatever the field was given. */
function countCell(l: Lowering, place: Parameters<typeof address>[0]): ReturnType<typeof address> {
	if (!place.key.startsWith('~~')) return address(place);
	l.world.reach(place.path);
	return at(value(l.world.address(place.path)), 0);
}

function put(c: Call): Val | undefined {
	const row = c.row as RowOf<'put'>;
	const { l } = c;
	const place = countAt(c, row.at);
	if (!place) return undefined;
	// What comes out of a field was taken by whoever put it there.
	const ofField = kept(c, place) && !l.reading.referenceKept;
	// What a model drops (the page cache's reference, a page table's) nobody in sight took.
	if (!c.caller.file.modelled && !ofField && !givenBack(l, place) && !l.held.has(place.path) && !l.reading.freedTwice && (l.reading.referenceKept || !/free|consume/.test(row.api))) droppedUnseen(l, place.path);
	if (droppedTwice(l, place.path, c.node)) return undefined;
	dropsByPatch(l, place.path, c.node);
	givenUp(l, place, c.node);
	l.facts.counted(place.path, l.thread, -1);
	const zero = l.temporary();
	l.emitter.visible({ op: 'put', at: countCell(l, place), dst: zero.operand.reg, ...(row.release === 'free' ? { frees: true } : {}) }, { key: place.key });
	l.account(place.path, 'sub', value(1));
	if (row.release === 'arg1') {
		const release = c.args[1] ? valueOf(l, c.args[1]) : undefined;
		const object = c.args[0] ? valueOf(l, c.args[0]) : undefined;
		const kept = l.emitter.label();
		l.emitter.branch(l.alu('eq', zero.operand, value(0)).operand, kept);
		if (release?.fn && object) callNamed(l, release.fn, [object], c.node);
		else if (object) l.emitter.visible({ op: 'free', pointer: object.operand }, { key: `${structOf(l, object)}.` });
		l.emitter.place(kept);
	}
	return row.result === 'zero' ? zero : undefined;
}

/** The argument's reference is given back before the result is looked for. */
function consume(c: Call): undefined {
	const row = c.row as RowOf<'consume'>;
	const from = valueAt(c, row.argument);
	handedOn(c.l, from, c.node);
	callNamed(c.l, row.drop, [from], c.node);
}

function setCount(c: Call): Val | undefined {
	const row = c.row as RowOf<'set-count'>;
	const place = countAt(c, row.at);
	if (place) c.l.emitter.visible({ op: 'store', at: address(place), from: valueAt(c, row.value).operand, order: 'once' }, { key: place.key, marked: true });
	if (!place || row.fails === undefined) return undefined;
	// Who failed has the reference all the same; on success it is the registered object's.
	const result = failing(c, row.fails);
	const fine = c.l.emitter.label();
	c.l.emitter.branch(c.l.alu('eq', result.operand, value(0)).operand, fine);
	c.l.owed.add(place.path);
	c.l.account(place.path, 'add', value(1));
	c.l.emitter.place(fine);
	return result;
}

function alloc(c: Call): Val | undefined {
	const row = c.row as RowOf<'alloc'>;
	const { l, hint } = c;
	const typed = row.type ? pointerTo(parseType(`struct ${row.type.replace(/^struct\s+/, '').replace(/\s*\*$/, '')}`)) : undefined;
	const type = known(hint) && isPointer(hint) && hint.base !== 'void' ? hint : (typed ?? hint);
	return allocate(l, type, c.node, row.mayFail, row.error);
}

/** A fresh object of the pointer's type, blank or (`other`) as nobody knows what; NULL or an error too, where the code tests for it. */
export function allocate(l: Lowering, type: CType, node: CNode, mayFail: boolean, error: number | undefined, begins: 'blank' | 'other' = 'blank'): Val {
	const site = `${l.thread}:${l.frame.id}@${node.start}`;
	const owner = known(type) && type.pointer >= 2 ? l.world.indirect(type) : known(type) && isPointer(type) ? l.world.name({ ...type, pointer: type.pointer - 1 }) : `~memory${node.line}`;
	const result = l.temporary(known(type) ? type : pointerTo({ base: owner, pointer: 0, struct: true }), `u:${site}`);
	const values = mayFail ? l.world.domains.pointers(`u:${site}`, 1) : [1];
	const failed = l.emitter.label();
	if (values.length > 1) {
		l.chooseFrom(result.operand.reg, values.map((each) => (each === 1 ? 1 : error !== undefined && each < 0 ? error : each)));
		l.emitter.branch(l.alu('ne', result.operand, value(1)).operand, failed);
	}
	l.world.want(owner);
	const spares = l.world.spares(owner);
	const again = l.loopDepth > 0 || l.repeats ? [l.world.pool(`${site}'`, owner, begins)] : [];
	const objects = spares.length > 0 ? [...spares, ...again] : [l.world.pool(site, owner, begins), ...again];
	l.emitter.local({ op: 'alloc', dst: result.operand.reg, objects });
	const count = l.sources.table.types.get(owner)?.count;
	if (count) {
		l.world.field(owner, count);
		l.emitter.local({ op: 'store', at: at(result.operand, l.world.offset(owner, count)), from: value(1), order: 'once' });
	}
	l.emitter.place(failed);
	return begins === 'blank' ? { ...result, fresh: true } : result;
}

function free(c: Call): Val | undefined {
	const row = c.row as RowOf<'free'>;
	const { l } = c;
	const pointer = valueAt(c, row.pointer);
	if (constantOf(pointer.operand) === 0) return undefined;
	if (pointer.type.base.startsWith('~')) l.world.apart(pointer.type.base.slice(1));
	freedThing(l, pointer);
	freedWhileOwed(l, structOf(l, pointer), c.node);
	spent(l, pointer);
	for (const each of pointer.unknown ? l.world.domains.sources(pointer.unknown) : []) {
		if (each.startsWith('f:') && !isModelField(each) && isPointer(pointer.type)) l.world.owns(each.slice(2), structOf(l, pointer), true);
	}
	l.emitter.visible({ op: 'free', pointer: pointer.operand }, { key: `${structOf(l, pointer)}.` });
	return undefined;
}

/** What a field of a type that nobody shows leads to is something, since it is freed. */
function freedThing(l: Lowering, pointer: Val): void {
	const plain = isPointer(pointer.type) && known(pointee(pointer.type));
	if (!pointer.unknown || (plain && (pointer.type.struct || pointer.type.pointer !== 1 || !pointer.unknown.startsWith('f:')))) return;
	// Plain memory is called after the field that leads to it: what another field of its type leads to is other memory.
	const thing = plain ? `~${pointer.unknown.slice(2).replaceAll('.', '/')}` : structOf(l, pointer);
	// By way of a local too: memory is often kept as a number.
	for (const each of l.world.domains.sources(pointer.unknown)) {
		if (!each.startsWith('f:') || isModelField(each.slice(2))) continue;
		l.world.field(thing, '', INT);
		l.world.pointer(each.slice(2), thing);
	}
}

export const objectEffects = { get, 'get-unless-zero': getUnlessZero, put, consume, 'set-count': setCount, alloc, free } satisfies Partial<Record<string, Handler>>;
