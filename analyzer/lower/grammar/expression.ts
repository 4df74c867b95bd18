import type { CNode } from '../../parse/source';
import { callNamed, compile, effects } from '../descent';
import { call } from './call';
import { isAmongBytes, recast } from './cast';
import { branchOn } from './condition';
import { type CType, isPointer, known, pointerTo, UNKNOWN } from '../values/ctype';
import { constantOf, reg, value } from '../emitted/emitter';
import { LINKS } from './iterators';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { addressOf, load } from '../values/access';
import { alikeTyped, elidedIs } from '../elided/local';
import { lookup, within } from '../values/scope';
import { isPart, placeOf } from '../values/place';
import { block } from './statement';
import { COMPARISONS, compute, literal, operatorOf } from './arithmetic';
import { assignment, update } from './assignment';

/** Compiles an expression for its value and effects. `hint` is the type of what the value goes to. */
export function expression(l: Lowering, node: CNode, hint: CType): Val {
	switch (node.type) {
		case 'parenthesized_expression': {
			const inner = node.named[0];
			if (!inner) return l.constant(0);
			return inner.type === 'compound_statement' ? statementExpression(l, inner, hint) : compile(l, inner, hint);
		}
		case 'number_literal': {
			const parsed = literal(node.text);
			return Number.isNaN(parsed) ? l.constant(1) : l.constant(parsed);
		}
		case 'char_literal':
			return l.constant(node.text.length > 2 ? node.text.charCodeAt(1) : 0);
		case 'string_literal':
		case 'concatenated_string':
			return l.constant(1, { base: 'char', pointer: 1, struct: false });
		case 'true':
			return l.constant(1);
		case 'false':
		case 'null':
			return l.constant(0, hint);
		case 'sizeof_expression':
		case 'offsetof_expression':
		case 'alignof_expression':
			return l.constant(8);
		case 'identifier':
			return identifier(l, node, hint);
		case 'field_expression':
		case 'subscript_expression': {
			l.from(node);
			const place = placeOf(l, node);
			const following = place?.kind === 'memory' ? LINKS.get(place.key) : undefined;
			// What a container's model keeps elsewhere: `head.next` is the first entry.
			if (following && place?.kind === 'memory' && !l.frame.file.modelled) {
				const owner = pointerTo({ base: place.key.slice(0, place.key.indexOf('.')), pointer: 0, struct: true });
				const base = l.offset(place.base, place.offset - l.world.offset(owner.base, place.key.slice(place.key.indexOf('.') + 1)));
				return callNamed(l, following, [{ operand: base, type: owner, path: place.path.slice(0, place.path.lastIndexOf('.')) }], node, owner);
			}
			return place ? coerce(l, load(l, place), hint) : l.unknown(`${l.frame.id}@${node.start}`, hint);
		}
		case 'pointer_expression': {
			const argument = node.field('argument') ?? node.named[0];
			if (!argument) return l.constant(0);
			if (node.children[0]?.type === '&') {
				if (argument.type === 'identifier' && !lookup(l, argument.text) && l.sources.defined(argument.text) && !l.sources.global(argument.text)) return compile(l, argument, hint);
				const place = placeOf(l, argument);
				if (place?.kind === 'memory' && !place.own && !known(place.type)) isPart(l, place, hint);
				return place ? addressOf(l, place) : compile(l, argument, hint);
			}
			l.from(node);
			const place = placeOf(l, node);
			return place ? coerce(l, load(l, place), hint) : compile(l, argument, hint);
		}
		case 'cast_expression': {
			const written = node.field('type')?.text ?? '';
			const type = l.typeOf(written);
			const inner = node.field('value');
			if (!inner) return l.constant(0, type);
			const val = compile(l, inner, isPointer(type) && known(type) ? type : hint);
			if (!known(type)) return coerce(l, val, hint);
			return coerce(l, isPointer(type) ? recast(l, val, type) : { ...val, type: isPointer(val.type) ? val.type : type }, hint);
		}
		case 'unary_expression':
			return unary(l, node);
		case 'binary_expression':
			return binary(l, node);
		case 'assignment_expression':
			return assignment(l, node);
		case 'update_expression':
			return update(l, node);
		case 'conditional_expression':
			return conditional(l, node, hint);
		case 'comma_expression': {
			const [left, right] = [node.field('left') ?? node.named[0], node.field('right') ?? node.named[1]];
			if (left) compile(l, left);
			return right ? compile(l, right, hint) : l.constant(0);
		}
		case 'call_expression':
			return coerce(l, call(l, node, hint), hint);
		case 'compound_literal_expression':
		case 'initializer_list':
			for (const child of node.named) if (child.type !== 'type_descriptor') effects(l, child);
			return l.unknown(`${l.frame.id}@${node.start}`, hint);
		default:
			for (const child of node.named) effects(l, child);
			return l.unknown(`${l.frame.id}@${node.start}`, hint);
	}
}

/** A `void *` takes the type of what it is assigned to; the cell it came from then points at that. */
function coerce(l: Lowering, val: Val, hint: CType): Val {
	if (!known(hint) || !isPointer(hint)) return val;
	const vague = !known(val.type) || (val.type.pointer >= 1 && val.type.base === 'void') || (!isPointer(val.type) && !val.type.struct) || (hint.struct && isOfBytes(val.type));
	if (!vague && !isAmongBytes(l, val)) return val;
	if (isAmongBytes(l, val)) return recast(l, val, hint);
	// A number that is taken for the address of bytes (`(void __user *)arg`) is a number elsewhere.
	const isNumber = known(val.type) && !isPointer(val.type) && !hint.struct;
	if (val.parameter && hint.pointer === 1 && !isNumber) l.world.pointer(`p:${val.parameter}`, l.world.name({ ...hint, pointer: 0 }));
	if (val.unknown?.startsWith('f:') && hint.pointer === 1) l.world.pointer(val.unknown.slice(2), l.world.name({ ...hint, pointer: 0 }));
	if (val.unknown?.startsWith('l:') && hint.pointer === 1 && hint.struct) elidedIs(l, hint, val.unknown);
	return { ...val, type: hint };
}

/** An address of bytes, where somebody may see what he put there or was sent: a header in a packet, a record in a buffer. */
const isOfBytes = ({ pointer, base, struct }: CType): boolean => pointer === 1 && !struct && BYTES.has(base);
const BYTES: ReadonlySet<string> = new Set(['char', 'unsigned char', 'signed char', 'u8', 's8', '__u8', 'uint8_t']);

function statementExpression(l: Lowering, body: CNode, hint: CType): Val {
	let last: Val | undefined;
	block(l, body, (statement) => {
		if (statement !== body.named.at(-1) || statement.type !== 'expression_statement') return false;
		const expression = statement.named[0];
		if (!expression) return false;
		last = compile(l, expression, hint);
		return true;
	});
	return last ?? l.constant(0);
}

function identifier(l: Lowering, node: CNode, hint: CType): Val {
	const name = node.text;
	const local = lookup(l, name);
	if (local?.kind === 'argument') {
		local.val ??= within(l, local.frame, () => compile(l, local.node, hint));
		return local.val;
	}
	if (!local) {
		if (name === 'NULL' || name === 'false') return l.constant(0, hint);
		if (name === 'true') return l.constant(1);
		const constant = l.sources.constant(name);
		if (constant !== undefined) return l.constant(constant);
		const macro = l.sources.macro(name);
		if (macro && macro.params === null) {
			const expression = macro.body.body.named[0]?.named[0];
			if (expression && expression.text !== name) return compile(l, expression, hint);
		}
		if (l.sources.global(name) === undefined && (l.sources.defined(name) || l.sources.model(name) || l.sources.table.rows.has(name))) return { ...l.constant(1, pointerTo(UNKNOWN)), fn: name };
	}
	const place = placeOf(l, node);
	if (!place) return l.constant(0, hint);
	if (place.kind === 'memory') l.from(node);
	const val = coerce(l, load(l, place), hint);
	if (place.kind === 'register' && !known(place.local.type) && known(hint)) place.local.type = hint;
	return val;
}

function unary(l: Lowering, node: CNode): Val {
	const argument = node.field('argument');
	if (!argument) return l.constant(0);
	const operator = operatorOf(node);
	if (operator === '!') return branched(l, node);
	const val = compile(l, argument);
	const constant = constantOf(val.operand);
	if (operator === '-') return constant !== undefined ? l.constant(-constant | 0) : l.alu('sub', value(0), val.operand);
	if (operator === '~') return constant !== undefined ? l.constant(~constant) : l.alu('xor', val.operand, value(-1));
	return val;
}

/** A truth value made by branches. */
function branched(l: Lowering, node: CNode): Val {
	const { emitter } = l;
	const result = l.temporary();
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	branchOn(l, node, yes, no);
	emitter.place(yes);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(1) });
	emitter.jump(done);
	emitter.place(no);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	emitter.place(done);
	return result;
}

function binary(l: Lowering, node: CNode): Val {
	const operator = operatorOf(node);
	if (operator === '&&' || operator === '||') return branched(l, node);
	const [left, right] = [node.field('left'), node.field('right')];
	if (!left || !right) return l.constant(0);
	const a = compile(l, left);
	const b = compile(l, right, isPointer(a.type) ? a.type : UNKNOWN);
	if (COMPARISONS.has(operator)) {
		alikeTyped(l, left, a, b);
		alikeTyped(l, right, b, a);
	}
	return compute(l, operator, a, b);
}

function conditional(l: Lowering, node: CNode, hint: CType): Val {
	const { emitter } = l;
	const condition = node.field('condition');
	const [consequence, alternative] = [node.field('consequence'), node.field('alternative')];
	if (!condition || !alternative) return l.constant(0);
	const result = l.temporary(hint, `c:${l.thread}:${l.frame.id}@${node.start}`);
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	let elvis: Val | undefined;
	if (consequence) branchOn(l, condition, yes, no);
	else {
		elvis = compile(l, condition, hint);
		l.interest(elvis, (interest) => { interest.truth = true; });
		emitter.branch(elvis.operand, yes);
		emitter.jump(no);
	}
	emitter.place(yes);
	const a = consequence ? compile(l, consequence, hint) : (elvis ?? l.constant(1));
	l.flow(result, a);
	l.assign(result.operand.reg, a);
	emitter.jump(done);
	emitter.place(no);
	const b = compile(l, alternative, hint);
	l.flow(result, b);
	l.assign(result.operand.reg, b);
	emitter.place(done);
	return { ...result, type: known(a.type) && constantOf(a.operand) === undefined ? a.type : known(b.type) ? b.type : hint, operand: reg(result.operand.reg) };
}
