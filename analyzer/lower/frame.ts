import type { RegisterLocal, Val } from './values/value';
import { type CType, UNKNOWN } from './values/ctype';
import type { CNode } from '../parse/source';
import type { Definition } from './sources';
import type { Emitter, Label } from './emitted/emitter';
import { newPassage, type Passing } from './elided/passage';

export type Local =
	| RegisterLocal
	| { readonly kind: 'memory'; readonly address: number; readonly type: CType; readonly key: string }
	/** A call's argument: evaluated where and when a row's expression names it. */
	| { readonly kind: 'argument'; readonly node: CNode; readonly frame: Frame; val?: Val };

export type Arguments = (Local & { kind: 'argument' })[];

/** One function's run on the thread's stack, inlined where it is called. */
export interface Frame extends Passing {
	readonly id: string;
	readonly locals: Map<string, Local>;
	readonly labels: Map<string, { readonly label: Label; readonly scopes: ReadonlySet<number> }>;
	readonly exit: Label;
	readonly result: number;
	readonly returns: CType;
	/** What it returns the address of, as each return has it that gives one: a part of a struct (`&x->table[n]`); null where they differ. */
	given?: Pick<Val, 'path' | 'key' | 'holder'> | null;
	/** Type of what the call's value goes to, where the function's own is elided. */
	hint: CType;
	readonly stack: readonly string[];
	readonly parent: Frame | null;
	/** Open scopes, innermost last: what to run on leaving. */
	readonly scopes: { readonly id: number; readonly cleanups: (() => void)[] }[];
	/** `rounds`: the register that counts them. */
	readonly loops: { readonly breaks: Label; readonly continues: Label | null; readonly scopes: number; readonly rounds?: number; /** It begins in lines that are not shown. */ readonly unseen?: boolean }[];
	/** Variables whose address is taken: they live in memory. */
	readonly addressed: ReadonlySet<string>;
	/** Arguments beyond the parameters that are shown. */
	beyond: readonly Val[];
	/** Variables that keep the state of interrupts, each with the register that is set while it does. */
	readonly interrupts: Map<string, number>;
	/** What elided lines of this fragment owe. */
	due: Due | null;
}

/** What a function must do yet, in lines that are not shown or by what it calls, told by a model that it called: `DUE(call, functions, callees)`. */
export interface Due {
	/** Set while the thread has called the model and not yet done what is due. */
	readonly flag: number;
	pending: { readonly call: CNode; readonly frame: Frame; readonly callees: RegExp; readonly because: string } | null;
}

export function newFrame({ emitter }: { readonly emitter: Emitter }, { fn, file }: Definition, id: string, parent: Frame | null, returns: CType, result: number): Frame {
	return {
		id, fn, file, locals: new Map(), labels: new Map(labelsIn(fn.body).map(({ name, scopes }) => [name, { label: emitter.label(), scopes }] as const)), exit: emitter.label(), result, returns,
		stack: parent ? [...parent.stack, parent.fn?.name ?? ''] : [], parent, scopes: [], loops: [], addressed: addressedIn(fn.body), passage: newPassage(), interrupts: new Map(), due: null, hint: UNKNOWN, beyond: [],
	};
}

interface ScopedLabel {
	readonly name: string;
	readonly scopes: ReadonlySet<number>;
}

const labels = new WeakMap<CNode, readonly ScopedLabel[]>();
const addresses = new WeakMap<CNode, ReadonlySet<string>>();

/** Labels and the scopes they lie in, for cleanups on goto. */
function labelsIn(body: CNode): readonly ScopedLabel[] {
	const known = labels.get(body);
	if (known) return known;
	const found: ScopedLabel[] = [];
	const walk = (node: CNode, scopes: readonly number[]): void => {
		const inside = node.type === 'compound_statement' ? [...scopes, node.start] : scopes;
		if (node.type === 'labeled_statement') found.push({ name: node.field('label')?.text ?? '', scopes: new Set(inside) });
		for (const child of node.named) if (!child.type.endsWith('_expression') && child.type !== 'declaration') walk(child, inside);
	};
	walk(body, []);
	labels.set(body, found);
	return found;
}

/** Variables whose address is taken in the body. */
function addressedIn(body: CNode): ReadonlySet<string> {
	const known = addresses.get(body);
	if (known) return known;
	const found = new Set<string>();
	const walk = (each: CNode): void => {
		if (each.type === 'pointer_expression' && each.children[0]?.type === '&') {
			const target = each.field('argument');
			if (target?.type === 'identifier') found.add(target.text);
		}
		for (const child of each.named) walk(child);
	};
	walk(body);
	addresses.set(body, found);
	return found;
}
