import type { CNode } from '../../parse/source';
import { aside } from './aside';
import { compile, compileStatement, effects } from '../descent';
import { INT } from '../values/ctype';
import { constantOf } from '../emitted/emitter';
import { BEHIND, goesUnseen, ROUND, releasesBefore } from '../elided/label';
import { behind, gap, releasedIn, unshownWork, keepsLock } from '../elided/gap';
import { guardOf } from './guard';
import { loop } from './loop';
import type { Lowering } from '../lowering';
import { arrivesAt, isFragment, LEAVES, leftOpen } from '../elided/passage';
import type { Frame } from '../frame';
import { goTo, leave } from '../values/scope';
import { assignmentAs } from '../emitted/written';
import { readFor } from './read-for';
import type { Val } from '../values/value';
import { declaration, declarer } from './declaration';
import { conditional, switched } from './selection';

/** A compound statement: a scope of its own. `intercept` may take a statement over. */
export function block(l: Lowering, node: CNode, intercept?: (statement: CNode) => boolean): void {
	l.frame.scopes.push({ id: node.start, cleanups: [] });
	const { released } = l.frame.passage;
	const before = released.length;
	const open = new Set(l.frame.passage.open.keys());
	for (const [index, statement] of node.named.entries()) {
		if (intercept?.(statement)) continue;
		if (leavesUnasked(l, statement, node.named[index + 1])) sometimes(l, statement);
		else compileStatement(l, statement);
	}
	if (l.frame.fn?.tailElided && node === l.frame.fn.body) unshownWork(l);
	leave(l, l.frame.scopes.length - 1);
	l.frame.scopes.pop();
	released.length = Math.min(before, released.length);
	for (const { gap: line, lock } of isFragment(l.frame) ? leftOpen(l.frame, node, open) : []) {
		releasedIn(l, line, lock);
		l.frame.passage.open.delete(lock.key);
	}
}

/** A jump in a fragment before code that could not be reached then: the `if` over it is elided. */
function leavesUnasked({ frame }: Lowering, statement: CNode, next: CNode | undefined): boolean {
	if (!isFragment(frame)) return false;
	return LEAVES.has(statement.type) && next !== undefined && !['labeled_statement', 'case_statement', 'comment'].includes(next.type);
}

function sometimes(l: Lowering, statement: CNode): void {
	gap(l, statement);
	const chosen = l.unknown(`${l.frame.id}@if${statement.line}`, INT);
	l.interest(chosen, (interest) => { interest.truth = true; });
	const [yes, done] = [l.emitter.label(), l.emitter.label()];
	l.emitter.branch(chosen.operand, yes);
	l.emitter.jump(done);
	l.emitter.place(yes);
	compileStatement(l, statement);
	l.emitter.place(done);
}

/** A statement that something may be done right before or after of. */
const mayHaveAsides = ({ type, synthetic }: CNode): boolean => (type === 'declaration' || type.endsWith('_statement')) && !synthetic;

/** Compiles a statement, the gaps before it, and what is done beside it. */
export function statement(l: Lowering, node: CNode): void {
	// What is too much will be cut, whatever else it does.
	if (l.emitter.length > l.limit) return;
	gap(l, node);
	const beside = mayHaveAsides(node) ? l.frame.file.asides?.get(node.start) : undefined;
	aside(l, beside?.before, node);
	plainStatement(l, node);
	aside(l, beside?.after, node);
	behind(l, node);
}

function plainStatement(l: Lowering, node: CNode): void {
	const { emitter, frame } = l;
	switch (node.type) {
		case 'compound_statement':
			return block(l, node);
		case 'expression_statement': {
			const expression = node.named[0];
			if (!expression || declarer(l, expression) || guardOf(l, node, expression)) return;
			readFor(l, assignmentAs(node), () => compile(l, expression));
			return;
		}
		case 'declaration':
			return readFor(l, assignmentAs(node), () => declaration(l, node));
		case 'if_statement':
			return conditional(l, node);
		case 'while_statement':
		case 'do_statement':
		case 'for_statement':
			return loop(l, node);
		case 'switch_statement':
			return switched(l, node);
		case 'return_statement': {
			const result = node.named[0];
			if (result) {
				const val = compile(l, result, frame.returns);
				l.from(node);
				l.flow({ unknown: `r:${l.thread}:${frame.id}` }, val);
				l.assign(frame.result, val);
				givesPart(frame, val);
			} else l.from(node);
			if (mayHaveAsides(node)) aside(l, frame.file.asides?.get(node.start)?.after, node);
			keepsLock(l, node);
			leave(l, 0);
			return emitter.jump(frame.exit);
		}
		case 'goto_statement': {
			const name = node.field('label')?.text ?? node.named[0]?.text ?? '';
			return goTo(l, name) ? undefined : goesUnseen(l, node, name);
		}
		case 'labeled_statement': {
			const name = node.field('label')?.text ?? '';
			const target = frame.labels.get(name);
			if (target) emitter.place(target.label);
			arrivesAt(frame, name);
			for (const child of node.named) if (child.fieldName !== 'label') compileStatement(l, child);
			return;
		}
		case 'break_statement':
		case 'continue_statement': {
			const inner = node.type === 'break_statement' ? frame.loops.at(-1) : [...frame.loops].reverse().find((each) => each.continues);
			// Out of a loop or a switch that begins in lines which are not shown.
			const told = inner?.unseen && node.type === 'break_statement' && (l.reading.lockKept || l.reading.referenceKept) && (frame.file.place(node.line).changed || releasesBefore(l, BEHIND));
			if (!inner || told) return isFragment(frame) ? goesUnseen(l, node, node.type === 'break_statement' ? BEHIND : ROUND) : undefined;
			leave(l, inner.scopes);
			return emitter.jump(node.type === 'break_statement' ? inner.breaks : (inner.continues ?? inner.breaks));
		}
		case 'case_statement':
			for (const child of node.named) if (child.fieldName !== 'value') compileStatement(l, child);
			return;
		case 'else_clause':
			for (const child of node.named) compileStatement(l, child);
			return;
		case 'attributed_statement':
		case 'ERROR':
			for (const child of node.named) {
				if (child.type.endsWith('_statement') || child.type === 'declaration') compileStatement(l, child);
				else effects(l, child);
			}
			return;
		default:
			if (node.type.endsWith('_expression')) compile(l, node);
	}
}

/** The caller knows what part of which struct he is given, as if he had written it himself. */
function givesPart(frame: Frame, { path, key, holder, operand }: Val): void {
	if (constantOf(operand) === 0 || frame.given === null) return;
	const part = path?.includes('.') && frame.returns.pointer > 0 && (frame.given === undefined || frame.given.path === path);
	frame.given = part ? { path, ...(key === undefined ? {} : { key }), holder } : null;
}
