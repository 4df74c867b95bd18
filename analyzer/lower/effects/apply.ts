import type { Row } from '../../knowledge/row';
import type { CNode } from '../../parse/source';
import { type Call, type Handler, valueAt } from './call';
import { asyncEffects } from './async';
import { cellEffects } from './cells';
import { contextEffects, contracted } from './context';
import { crosses } from './crossing';
import { holdsAsSaid, lockEffects } from './locks';
import { objectEffects } from './objects';
import { waitEffects } from './waiting';
import { type CType, isPointer, known, UNKNOWN } from '../values/ctype';
import { constantOf, value } from '../emitted/emitter';
import { valueOf } from '../values/argument';
import { givenType } from '../references/giver';
import { handed } from '../references/handed';
import { touch } from '../values/access';
import type { Arguments, Frame } from '../frame';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';

const HANDLERS: Readonly<Record<Row['effect'], Handler>> = { ...lockEffects, ...contextEffects, ...objectEffects, ...cellEffects, ...waitEffects, ...asyncEffects };

/** The bit of a GFP mask that lets an allocation sleep. */
const DIRECT_RECLAIM = '__GFP_DIRECT_RECLAIM';

/** Does what the row says of the call. */
export function apply(l: Lowering, row: Row, args: Arguments, node: CNode, hint: CType): Val {
	const { emitter } = l;
	const outer = l.frame;
	const effectFrame: Frame = { ...outer, id: `${outer.id}@${node.start}`, fn: null, locals: new Map(args.map((arg, index) => [`arg${index}`, arg])) };
	const c: Call = { l, row, args, node, hint, frame: effectFrame, caller: outer };
	const lazy = row.effect === 'wait-event' || row.effect === 'load' || row.effect === 'store' || row.effect === 'cas' || row.effect === 'rmw' || row.effect === 'exchange' || row.effect === 'assert';
	if (!lazy) for (const arg of args) valueOf(l, arg);
	for (const index of row.touches ?? []) {
		const arg = args[index];
		if (arg) touch(l, valueOf(l, arg), node);
	}
	const skip = emitter.label();
	const object = args[0]?.val;
	const guarded = row.nullOk === true && object && constantOf(object.operand) === undefined && isPointer(object.type);
	if (guarded) emitter.branch(l.alu('le', object.operand, value(0)).operand, skip);
	if (row.nullOk && object && constantOf(object.operand) === 0) return l.constant(0, hint);
	l.from(node);
	if (sleeps(c)) emitter.local({ op: 'might-sleep', what: row.api });
	if (row.crosses || row.faults) crosses(c);
	if (row.asserts !== undefined) holdsAsSaid(c, row.asserts, 'exclusive', outer);
	const said = row.contract === undefined ? undefined : args[row.contract];
	if (said?.node.type === 'call_expression') {
		const from = emitter.length;
		valueOf(l, said);
		contracted(l, outer, from, outer);
	}
	const result = HANDLERS[row.effect](c);
	if (guarded) emitter.place(skip);
	// What a call returns of which only a part is told is for its caller to say, and once.
	return result ?? (row.partial ? l.constant(0, hint) : told(c));
}

function sleeps({ l, row, args }: Call): boolean {
	// Who waits under a lock that it lets go of sleeps behind that.
	if (row.effect === 'wait-event' && row.locked !== undefined) return false;
	if (row.gfp === undefined) return row.sleeps === true && row.effect !== 'lock';
	const arg = args[row.gfp];
	// Who may leave the flags out waits then.
	if (!arg) return row.sleeps === true;
	const flags = constantOf(valueOf(l, arg).operand);
	const bit = l.sources.table.constants.get(DIRECT_RECLAIM);
	return flags !== undefined && bit !== undefined && (flags & bit) !== 0;
}

/** The call's value as the row's `returns` has it. */
function told(c: Call): Val {
	const { l, row, hint, node } = c;
	const site = `${c.caller.id}@${node.start}`;
	if (row.returns === undefined || row.returns === 'unknown') {
		// The row may be of a family: it is the function itself that hands something out.
		const callee = node.field('function')?.text ?? '';
		const name = /^\w+$/.test(callee) && row.api.includes('*') ? callee : row.api;
		return handed(l, name, site, known(hint) ? hint : (l.sources.returns(name) ?? givenType(l, name) ?? hint), node);
	}
	// What usually succeeds may fail where each path is walked.
	if (row.returns === 'nonnull' && row.effect === 'register' && l.outline === 'alone') return l.unknown(site, hint);
	const own = row.returns === 'own-copy' ? copied(c) : row.returns === 'own-part' ? partOf(c) : null;
	if (own) return own;
	const nonnull = row.returns === 'nonnull' || row.returns === 'own-copy' || row.returns === 'own-part';
	// Nobody says what type it is of: one object for all that this API hands out.
	const type = !nonnull || known(hint) ? hint : { base: `~${row.api}`, pointer: 1, struct: true };
	if (nonnull) return known(type) && type.pointer === 1 ? l.constant(l.world.canonical(l.world.name({ ...type, pointer: 0 })), type) : l.constant(1, type);
	const val = valueAt(c, row.returns);
	return known(val.type) ? val : { ...val, type: known(hint) ? hint : UNKNOWN };
}

/** What lies behind its first argument, in the same memory: a part of that, which goes by the type that the caller has for it; null where one of the two types is not in sight. */
function partOf({ args, l, hint }: Call): Val | null {
	const [arg] = args;
	const whole = arg && valueOf(l, arg);
	if (!whole || !isStruct(hint) || !isStruct(whole.type)) return null;
	const [owner, part] = [l.world.name({ ...whole.type, pointer: 0 }), l.world.name({ ...hint, pointer: 0 })];
	if (owner === part) return null;
	l.world.container(part, owner, part);
	return { operand: l.offset(whole.operand, l.world.offset(owner, part)), type: hint };
}

const isStruct = (type: CType): boolean => known(type) && type.struct && type.pointer === 1;

/** The copy behind a pointer to what each CPU has one of stands for all of them; null where its type is not in sight, or a variable is such a thing itself. */
function copied({ args, l, hint }: Call): Val | null {
	const [arg] = args;
	if (!arg || arg.node.type === 'pointer_expression') return null;
	const val = valueOf(l, arg);
	return known(val.type) ? val : known(hint) ? { ...val, type: hint } : null;
}
