import { callsNamed } from '../../knowledge/namings';
import type { CNode, FunctionSource } from '../../parse/source';
import { isWhole } from '../../parse';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';

/** Calls in which an object is followed that is handed on by its address. */
const HANDED_BOUND = 2;
/**
 * An object of the function's frame at `address` that the function puts where other threads find it is gone when the block that declares it is left. Only where the
 * block is entered once, and all of the function is in sight.
 */
export function endsWithBlock(l: Lowering, name: string, address: number, struct: string): void {
	const { frame } = l;
	const scope = frame.scopes.at(-1);
	if (!scope || !frame.fn || frame.file.modelled || !isWhole(frame.fn) || l.loopDepth > 0 || l.repeats || !isPublished(l, frame.fn, `&\\s*${name}\\b`)) return;
	for (let each: typeof frame.parent = frame; each; each = each.parent) if (each.fn && goesBack(each.fn.body)) return;
	// Who leaves before he has waited was not let in: nobody will answer him.
	const before = new RegExp(callsNamed(l.sources.table, 'awaits')).test(frame.fn.body.text) ? l.waits : -1;
	scope.cleanups.push(() => {
		if (l.waits > before) l.emitter.visible({ op: 'free', pointer: value(address) }, { key: `${struct}.` });
	});
}

/** `written`: the object's address, or that of a part of it, as the function writes it. */
function isPublished(l: Lowering, { body: { text } }: FunctionSource, written: string, depth = 0): boolean {
	if (new RegExp(`(?:->|\\.)\\s*\\w+(?:\\[[^\\]]*\\])?\\s*=\\s*${written}|${callsNamed(l.sources.table, 'lets-in')}[^;]*${written}`).test(text)) return true;
	if (depth >= HANDED_BOUND) return false;
	for (const [, api = '', given = ''] of text.matchAll(new RegExp(`\\b([a-z_]\\w*)\\s*\\(([^;{}()]*${written}[^;{}()]*)\\)`, 'g'))) {
		const callee = l.sources.table.rows.has(api) ? undefined : l.sources.defined(api)?.fn;
		const param = callee?.params[given.split(',').findIndex((arg) => new RegExp(`^\\s*${written}\\s*$`).test(arg))]?.name;
		if (callee && param && isPublished(l, callee, `(?:&\\s*)?\\b${param}\\b`, depth + 1)) return true;
	}
	return false;
}

const back = new WeakMap<CNode, boolean>();

/** A goto leads to a label before it: what is declared on the way may come to be twice. */
function goesBack(body: CNode): boolean {
	const known = back.get(body);
	if (known !== undefined) return known;
	const labels = new Map<string, number>();
	let found = false;
	const walk = (node: CNode): void => {
		if (node.type === 'labeled_statement') labels.set(node.field('label')?.text ?? '', node.start);
		if (node.type === 'goto_statement' && labels.has(node.field('label')?.text ?? node.named[0]?.text ?? '')) found = true;
		for (const child of node.named) walk(child);
	};
	walk(body);
	back.set(body, found);
	return found;
}
