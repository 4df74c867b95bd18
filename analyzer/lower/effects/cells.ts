import { address, type Call, type Handler, placeAt, type RowOf, valueAt } from './call';
import { constantOf, value } from '../emitted/emitter';
import type { Place, Val } from '../values/value';
import { compute } from '../grammar/arithmetic';
import { load as loadPlain, store as storePlain, unlessTested } from '../values/access';
import { known } from '../values/ctype';
import { placeOf } from '../values/place';
import { within } from '../values/scope';
import { split } from './locks';

/** Watched like a plain access (a lost update is lost whatever the order), but no data race. */
function ordered(c: Call, order: 'plain' | 'once' | 'acquire' | 'release' | 'full', run: () => Val | undefined): Val | undefined {
	const { emitter } = c.l;
	const from = emitter.length;
	const val = run();
	for (let index = from; index < emitter.length; index++) {
		const op = emitter.ops[index];
		if (op && (op.op === 'load' || op.op === 'store') && index === emitter.length - 1) {
			emitter.ops[index] = { ...op, order };
			emitter.notes[index] = { ...emitter.notes[index], marked: true };
		}
	}
	return val;
}

function load(c: Call): Val | undefined {
	const row = c.row as RowOf<'load'>;
	const place = placeAt(c, row.at);
	if (!place) return valueAt(c, row.at, c.hint);
	c.l.from(c.node);
	return ordered(c, row.order ?? 'once', () => loadPlain(c.l, place));
}

function store(c: Call): Val | undefined {
	const row = c.row as RowOf<'store'>;
	const place = placeAt(c, row.at);
	const val = valueAt(c, row.value, place?.type);
	if (!place) return val;
	c.l.from(c.node);
	ordered(c, row.order ?? 'once', () => {
		storePlain(c.l, place, val);
		return undefined;
	});
	return val;
}

function changed(c: Call, place: Place & { kind: 'memory' }): void {
	c.l.facts.store(c.l.thread, place.key);
}

function rmw(c: Call): Val | undefined {
	const row = c.row as RowOf<'rmw'>;
	const { l } = c;
	const place = placeAt(c, row.at);
	const operand = valueAt(c, row.value, place?.type);
	if (!place) return undefined;
	l.from(c.node);
	changed(c, place);
	if (row.alu === 'add' || row.alu === 'sub') l.facts.added(place.path, l.thread, row.alu === 'add' ? 1 : -1, row.alu === 'sub' && row.result === 'zero');
	const wanted = row.result ?? 'none';
	const result = l.temporary(place.type, wanted === 'old' || wanted === 'new' ? `f:${place.key}` : undefined);
	if (operand.unknown) l.world.domains.flow(operand.unknown, `f:${place.key}`);
	l.emitter.visible({
		op: 'rmw', at: address(place), ...(row.alu ? { alu: row.alu } : {}), value: operand.operand,
		...(wanted === 'none' ? {} : { dst: result.operand.reg, result: wanted === 'old' ? 'old' as const : 'new' as const }), order: row.order ?? 'full',
	}, { key: place.key, marked: true });
	if (wanted === 'none') return undefined;
	if (wanted === 'zero') return l.alu('eq', result.operand, value(0));
	if (wanted === 'negative') return l.alu('lt', result.operand, value(0));
	return result;
}

function cas(c: Call): Val | undefined {
	const row = c.row as RowOf<'cas'>;
	const { l } = c;
	const place = placeAt(c, row.at);
	if (!place) return undefined;
	const expect = valueAt(c, row.expect, place.type);
	const next = valueAt(c, row.value, place.type);
	l.from(c.node);
	changed(c, place);
	for (const val of [expect, next]) {
		const constant = constantOf(val.operand);
		if (constant !== undefined) l.world.domains.of(`f:${place.key}`).equal.add(constant);
	}
	const [from, to] = [constantOf(expect.operand), constantOf(next.operand)];
	const [owner, member] = split(place.key);
	if (from !== undefined && from > 1 && to === 0 && l.sources.table.types.get(owner)?.count === member) l.facts.froze(place.path, l.thread, from);
	const old = l.temporary(place.type, `f:${place.key}`);
	l.emitter.visible({ op: 'cas', at: address(place), expect: expect.operand, value: next.operand, dst: old.operand.reg, order: row.order ?? 'full' }, { key: place.key, marked: true });
	return row.result === 'success' ? compute(l, '==', { ...old }, expect) : old;
}

/** A field that is handed on as it is, and of which nobody knows where it leads: the words of a bitmap stand where the field does. */
function bitmap(c: Call, at: string): (Place & { kind: 'memory' }) | null {
	const node = c.args[Number(/^\*arg(\d+)$/.exec(at)?.[1] ?? -1)]?.node;
	const place = node?.type === 'field_expression' ? within(c.l, c.frame, () => placeOf(c.l, node)) : null;
	return place?.kind === 'memory' && (!known(place.type) || (place.type.pointer === 1 && !place.type.struct)) ? place : null;
}

/** Each named bit of a word is a cell of its own. */
function bit(c: Call): Val | undefined {
	const row = c.row as RowOf<'bit'>;
	const { l } = c;
	const word = bitmap(c, row.at) ?? placeAt(c, row.at);
	if (!word) return undefined;
	const argument = /^arg(\d+)$/.exec(row.bit)?.[1];
	const named = argument === undefined ? row.bit : (c.args[Number(argument)]?.node.text ?? 'bit');
	const [owner, field] = split(word.key);
	const name = `${field}[${/^[A-Z]\w*$/.test(named) ? named : 'bit'}]`;
	l.world.field(owner, name);
	const place: Place & { kind: 'memory' } = {
		...word, offset: word.offset - l.world.offset(owner, field) + l.world.offset(owner, name), type: { base: 'int', pointer: 0, struct: false },
		key: `${owner}.${name}`, path: `${owner}.${name}`,
	};
	l.from(c.node);
	const order = row.order ?? 'once';
	if (row.operation === 'test') {
		l.interest({ operand: value(0), type: place.type, unknown: `f:${place.key}` }, (interest) => { interest.truth = true; });
		return ordered(c, 'once', () => loadPlain(l, place));
	}
	changed(c, place);
	if (!row.atomic) {
		// __set_bit: a load and a store of the whole word.
		const old = loadPlain(l, place);
		storePlain(l, place, flipped(c, row.operation, old), true);
		return row.operation.startsWith('test') ? old : undefined;
	}
	const tests = row.operation.startsWith('test');
	const old = l.temporary(place.type, `f:${place.key}`);
	const kind = row.operation.replace('test-and-', '');
	if (tests) l.interest(old, (interest) => { interest.truth = true; });
	l.emitter.visible({
		op: 'rmw', at: address(place), ...(kind === 'change' ? { alu: 'xor' as const } : {}), value: value(kind === 'clear' ? 0 : 1),
		...(tests ? { dst: old.operand.reg, result: 'old' as const } : {}), order: tests ? 'full' : order,
		...(tests || kind === 'change' ? {} : unlessTested(l, place)),
	}, { key: place.key, marked: true });
	return tests ? old : undefined;
}

function flipped(c: Call, operation: string, old: Val): Val {
	if (operation.endsWith('change')) return c.l.alu('xor', old.operand, value(1));
	return c.l.constant(operation.endsWith('clear') ? 0 : 1);
}

function fence(c: Call): Val | undefined {
	const { kind } = c.row as RowOf<'fence'>;
	// Others may run between a store and the fence behind it: what is stored has not reached them yet.
	if (kind === 'full') c.l.emitter.visible({ op: 'fence', kind }, { quiet: true });
	else c.l.emitter.local({ op: 'fence', kind });
	return undefined;
}

function exchange({ l, args, node }: Call): Val {
	const [one, other] = args.map((arg) => within(l, arg.frame, () => placeOf(l, arg.node)));
	if (!one || !other) return l.constant(0);
	l.from(node);
	const old = loadPlain(l, one);
	const kept = l.temporary(old.type);
	l.assign(kept.operand.reg, old);
	storePlain(l, one, loadPlain(l, other));
	storePlain(l, other, { ...old, operand: kept.operand });
	return l.constant(0);
}

export const cellEffects = { load, store, rmw, cas, bit, fence, exchange } satisfies Partial<Record<string, Handler>>;
