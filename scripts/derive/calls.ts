import type { CNode } from '../../analyzer/parse';

/** A call of the function's body, with its arguments' text. */
export interface BodyCall {
	readonly name: string;
	readonly args: readonly string[];
	/** Every run gets here, but those that were given nothing. */
	readonly certain: boolean;
}

/** One of these is what a run does: the two branches of a condition. */
export interface Either {
	readonly either: readonly (readonly Step[])[];
}

export type Step = BodyCall | Either;

export interface BodyCalls {
	/** What stands in the straight line: each run that gets so far does it. */
	readonly straight: readonly Step[];
	/** What stands in branches as well, but those that an argument of the caller's decides on. */
	readonly reached: readonly BodyCall[];
}

/** It asks where it runs: what it does there says nothing of another call. */
export const ASKS_WHERE = /\b(in_atomic|in_interrupt|in_irq|in_hardirq|in_softirq|in_task|irqs_disabled|oops_in_progress|preemptible|gfpflags_allow_blocking|in_nmi|in_dbg_master|can_sleep|may_sleep|atomic_context|nowait)\b/;
/** A condition by which a caller says whether it may wait. */
const ASKS_WHETHER = /nowait|no_wait|nonblock|dontwait|atomic|sleep|gfp|fast_io|\b(?:wait|block|blocking|sync)\b|irq|preempt/i;

/** `guard(mutex)` and `scoped_guard(mutex, …)` as a call of their own. */
const guardOf = (text: string): string | null => {
	const found = /^(?:scoped_)?guard\s*\(\s*(\w+)/.exec(text);
	return found ? `guard ${found[1]}` : null;
};

const LEAVES = /\b(return|goto)\b/;
const GIVEN_NOTHING = /^\(\s*(!\s*\w+|\w+\s*==\s*NULL|(unlikely\()?IS_ERR(_OR_NULL)?\(\w+\)\)?)\s*\)$/;

/** The calls of a body. `scalars`: parameters that are no pointers: flags by which a caller says what is to be done. */
export function callsOf(body: CNode, scalars: ReadonlySet<string>): BodyCalls {
	const reached: BodyCall[] = [];
	let certain = true;
	let into: Step[] = [];
	let straight = true;
	const decided = (condition: string): boolean => ASKS_WHETHER.test(condition) || [...condition.matchAll(/\b[a-z_]\w*/gi)].some(([word]) => scalars.has(word));
	const add = (name: string, args: readonly CNode[]): void => {
		const call = { name, args: args.map(({ text }) => text.trim()), certain: certain && straight };
		if (straight) into.push(call);
		reached.push(call);
	};
	const evaluated = (node: CNode | null): void => {
		if (node === null || node.type === 'sizeof_expression' || node.type === 'compound_literal_expression') return;
		if (node.type === 'conditional_expression') return evaluated(node.field('condition'));
		if (node.type === 'binary_expression' && (node.children[1]?.type === '&&' || node.children[1]?.type === '||')) return evaluated(node.field('left'));
		// The arguments are evaluated first.
		for (const child of node.named) evaluated(child);
		if (node.type !== 'call_expression') return;
		const callee = node.field('function');
		const guard = guardOf(callee?.text ?? '');
		if (guard !== null || callee?.type === 'identifier') add(guard ?? callee!.text, node.field('arguments')?.named ?? []);
	};
	/** In a branch: the steps go nowhere but among what may be reached. */
	const aside = (node: CNode | null, condition: string): readonly Step[] => {
		if (node === null) return [];
		const kept = [into, certain, straight] as const;
		into = [];
		if (decided(condition)) {
			// What only some callers ask for.
			const length = reached.length;
			statement(node);
			reached.length = length;
		} else {
			statement(node);
		}
		const steps = into;
		[into, certain, straight] = kept;
		return steps;
	};
	/** False when nothing behind it is certain to be reached by every run. */
	const behind = (node: CNode, condition: string): void => {
		if (!LEAVES.test(node.text)) return;
		if (decided(condition)) straight = false;
		else certain &&= GIVEN_NOTHING.test(condition);
	};
	const branch = (node: CNode): void => {
		const condition = node.field('condition')?.text ?? '';
		evaluated(node.field('condition'));
		const otherwise = node.field('alternative');
		const ways = [aside(node.field('consequence'), condition), aside(otherwise, condition)];
		if (straight && otherwise && !decided(condition)) into.push({ either: ways });
		behind(node, condition);
	};
	const statement = (node: CNode): void => {
		switch (node.type) {
			case 'compound_statement':
			case 'else_clause':
				for (const child of node.named) statement(child);
				return;
			case 'labeled_statement':
				for (const child of node.named.slice(1)) statement(child);
				return;
			case 'expression_statement':
			case 'declaration':
				return evaluated(node);
			case 'return_statement':
				evaluated(node);
				straight = false;
				return;
			case 'goto_statement':
				straight = false;
				return;
			case 'if_statement':
				return branch(node);
			case 'switch_statement':
				evaluated(node.field('condition'));
				aside(node.field('body'), node.field('condition')?.text ?? '');
				return behind(node, node.field('condition')?.text ?? '');
			case 'do_statement':
				return statement(node.field('body') ?? node);
			case 'while_statement':
			case 'for_statement': {
				const guard = guardOf(node.text);
				if (guard !== null) {
					add(guard, []);
					return statement(node.field('body') ?? node);
				}
				evaluated(node.field('initializer'));
				evaluated(node.field('condition'));
				aside(node.field('body'), node.field('condition')?.text ?? '');
				return behind(node, '');
			}
			default:
		}
	};
	const steps = into;
	statement(body);
	return { straight: steps, reached };
}
