import type { CNode } from '../../../parse';
import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { lastWord, rootOf } from '../sites';
import { written } from '../steps';
import { statementsOf, twins } from '../twins';

/** Calls after which others find, or call back with, what they are given. */
const PUBLISHES = /^(?:rcu_assign_pointer|smp_store_release|h?list_add\w*|hash_add\w*|idr_\w*replace|xa_(?:store|insert)\w*|radix_tree_insert|rhashtable_\w*insert\w*|\w+_set_drvdata|\w*_register\w*|register_\w+|request_(?:threaded_)?irq|devm_request_\w*irq|\w+_set_callback|(?:queue|schedule)_(?:delayed_)?work(?:_on)?|mod_timer|add_timer|usb_submit_urb|submit_bio\w*|dmaengine_submit|spi_async)$/;

/** A field of `base` is set, in the marked statement, before `publish` lets others find it on one side and after it on the other; or `elsewhere`, by another function. */
export const latePublications = (change: Change): readonly Finding[] => [...setLate(change), ...setElsewhere(change)];

/** Statements that set a field, by their text. */
const stores = (body: CNode): ReadonlyMap<string, CNode> => new Map(statementsOf(body).flatMap((node) => (node.type === 'expression_statement' && /^[A-Za-z_]\w*->[\w.>-]+\s*=[^=]/.test(node.text) ? [[written(node), node] as const] : [])));

/** Earlier is the statement that sets it, marked the one that publishes. */
function setElsewhere(change: Change): readonly Finding[] {
	const [old, now] = [stores(change.before.fn.body), stores(change.after.fn.body)];
	const gone = change.pre.changed.filter((name) => name !== change.name).flatMap((name) => change.pre.functions.get(name) ?? []);
	return [...now].flatMap(([text, node]): readonly Finding[] => {
		const part = /^[\w.>-]+/.exec(text)?.[0] ?? '';
		const member = lastWord(part);
		const elsewhere = gone.some(({ fn, file }) => statementsOf(fn.body).some((each) => file.place(each.line).changed && new RegExp(`->\\s*${member}\\s*=[^=]`).test(each.text)));
		if (old.has(text) || !elsewhere || !change.after.file.place(node.line).changed) return [];
		const publish = change.now.find((site) => PUBLISHES.test(site.api) && site.line > node.line && change.ways.get(site) === 'kept');
		const marked = publish && twins(change).find(({ after }) => after.start <= publish.start && publish.start < after.end);
		return publish && marked ? [{ words: { base: rootOf(part) ?? part, part, publish: publish.api, call: publish.text, elsewhere: '1' }, tells: 'fixes', marked, earlier: { before: undefined, after: node } }] : [];
	}).slice(0, 1);
}

function setLate(change: Change): readonly Finding[] {
	const [old, now] = [stores(change.before.fn.body), stores(change.after.fn.body)];
	for (const publish of change.now) {
		const twin = change.old.filter((each) => each.text === publish.text);
		const [before] = twin;
		if (!PUBLISHES.test(publish.api) || !before || twin.length !== 1 || change.now.filter((each) => each.text === publish.text).length !== 1) continue;
		const bases = publish.args.flatMap((arg) => rootOf(arg) ?? []).filter((base) => structOf(change, base));
		for (const [text, after] of now) {
			const was = old.get(text);
			const base = bases.find((each) => text.startsWith(`${each}->`));
			if (!was || !base || was.line < before.line === after.line < publish.line) continue;
			const part = /^[\w.>-]+/.exec(text)?.[0] ?? base;
			return [{ words: { base, part, publish: publish.api, call: publish.text }, tells: after.line < publish.line ? 'fixes' : 'introduces', marked: { before: was, after } }];
		}
	}
	return [];
}
