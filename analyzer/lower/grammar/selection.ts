import type { Lowering } from '../lowering';
import { aside } from './aside';
import { compile, compileStatement } from '../descent';
import type { CNode } from '../../parse/source';
import { INT } from '../values/ctype';
import { branchOn } from './condition';
import { comparesBits, operatorOf } from './arithmetic';
import { LEAVES } from '../elided/passage';
import { value } from '../emitted/emitter';
import { conditionAs } from '../emitted/written';
import { readFor } from './read-for';

export function conditional(l: Lowering, node: CNode): void {
	const { emitter } = l;
	const condition = node.field('condition');
	const consequence = node.field('consequence');
	const alternative = node.field('alternative');
	const { conditions } = l.facts;
	const before: ReadonlySet<string> = new Set(conditions);
	const decided = new Set<string>();
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	if (node.synthetic && consequence && !alternative && releasesFirst(l, consequence)) return compileStatement(l, consequence);
	if (node.synthetic || !condition) {
		// An opener of ours: the patch does not show under which condition.
		const chosen = l.unknown(`${l.frame.id}@if${node.line}`, INT);
		l.interest(chosen, (interest) => { interest.truth = true; });
		emitter.branch(chosen.operand, yes);
		emitter.jump(no);
	} else {
		l.from(condition);
		// What comes behind an operand is evaluated on a condition, too.
		const parts = /&&|\|\|/.test(condition.text) ? 1 : 0;
		l.frame.passage.inside.told += parts;
		readFor(l, conditionAs('if', condition), () => branchOn(l, condition, yes, no, decided));
		l.frame.passage.inside.told -= parts;
	}
	const { tested, passed } = (node.synthetic ? undefined : l.frame.file.asides?.get(node.start)) ?? {};
	// What is put only where it is not so yet is put all the same: the test decides nothing.
	const idle = consequence !== null && !alternative && putsAlone(l, consequence);
	if (idle) for (const key of conditions) if (!before.has(key)) conditions.delete(key);
	const asked = idle ? [] : [...decided].filter((key) => !conditions.has(key));
	for (const key of asked) conditions.add(key);
	const { inside } = l.frame.passage;
	const which = node.synthetic ? 'unseen' : 'told';
	emitter.place(yes);
	aside(l, tested, node);
	inside[which]++;
	if (consequence) branch(l, consequence);
	emitter.jump(done);
	emitter.place(no);
	aside(l, tested, node);
	aside(l, passed, node);
	if (alternative) branch(l, alternative);
	inside[which]--;
	emitter.place(done);
	// Where both ways meet again, what was read before the condition decides no more.
	if (![consequence, alternative].some((each) => each && leaves(each))) for (const key of asked) conditions.delete(key);
}

/** A block whose beginning nobody shows releases what was taken there, and goes on behind it: who does not come by has taken nothing. */
function releasesFirst(l: Lowering, block: CNode): boolean {
	const first = [...block.text.matchAll(/\b([a-z_]\w*)\s*\(/g)].map(([, api = '']) => l.sources.table.rows.get(api)?.effect).find((effect) => effect === 'lock' || effect === 'trylock' || effect === 'unlock');
	return first === 'unlock' && !leaves(block);
}

/** All that it does is to set or clear a bit, or to put a truth value somewhere: done twice it is as done once. */
function putsAlone(l: Lowering, block: CNode): boolean {
	const [statement, more] = block.type === 'compound_statement' ? block.named.filter(({ type }) => type !== 'comment') : [block];
	const put = statement?.type === 'expression_statement' && !more ? statement.named[0] : undefined;
	if (put?.type === 'assignment_expression') return operatorOf(put) === '=' && TRUTH.test(put.field('right')?.text ?? '');
	const row = put?.type === 'call_expression' ? l.sources.table.rows.get(put.field('function')?.text ?? '') : undefined;
	if (row?.effect === 'bit') return row.operation === 'set' || row.operation === 'clear';
	return row?.effect === 'store' && TRUTH.test(put?.field('arguments')?.named.at(-1)?.text ?? '');
}

const TRUTH = /^(?:[01]|true|false)$/;

/** The last statement leads elsewhere. */
const leaves = (node: CNode): boolean => LEAVES.has((node.type === 'compound_statement' ? node.named.at(-1) : node)?.type ?? '');

/** What a branch that nobody falls out of makes of a variable is not what it is behind it. */
function branch(l: Lowering, node: CNode): void {
	const locals = [...l.frame.locals.values()].filter((local) => local.kind === 'register');
	const fresh = locals.map((local) => local.fresh);
	compileStatement(l, node);
	if (leaves(node)) for (const [index, local] of locals.entries()) local.fresh = fresh[index];
}

/** Above this a case label's number stands for one that nobody knows. */
const UNKNOWN_LABEL = 0x10000000;

export function switched(l: Lowering, node: CNode): void {
	const { emitter, frame } = l;
	const condition = node.field('condition');
	const body = node.field('body');
	if (!body) return;
	const val = condition && !node.synthetic ? readFor(l, conditionAs('switch', condition), () => compile(l, condition)) : l.unknown(`${frame.id}@switch${node.line}`, INT);
	const cases = body.named.filter((child) => child.type === 'case_statement');
	const labels = new Map(cases.map((each) => [each, emitter.label()]));
	const done = emitter.label();
	const top = emitter.label();
	if (node.synthetic && body.named[0]?.type !== 'case_statement') {
		// The label that leads to what stands before the first one is not shown.
		const unseen = l.unknown(`${frame.id}@case${node.start}`, INT);
		l.interest(unseen, (interest) => { interest.truth = true; });
		emitter.branch(unseen.operand, top);
	}
	for (const each of cases) {
		const tested = each.field('value');
		const label = labels.get(each);
		if (!tested || !label) continue;
		const constant = compile(l, tested);
		// A label of which nobody knows the number is one of its own.
		const number = 'value' in constant.operand ? constant.operand.value : UNKNOWN_LABEL + each.start - body.start;
		l.interest(val, (interest) => { interest.equal.add(number); });
		comparesBits(l, val, number);
		emitter.branch(l.alu('eq', val.operand, value(number)).operand, label);
	}
	const fallback = cases.find((each) => !each.field('value'));
	emitter.jump((fallback && labels.get(fallback)) ?? done);
	emitter.place(top);
	frame.loops.push({ breaks: done, continues: null, scopes: frame.scopes.length, unseen: node.synthetic });
	frame.scopes.push({ id: body.start, cleanups: [] });
	for (const statement of body.named) {
		const label = labels.get(statement);
		if (label) emitter.place(label);
		compileStatement(l, statement);
	}
	frame.scopes.pop();
	frame.loops.pop();
	emitter.place(done);
}
