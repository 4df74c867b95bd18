import { beginsWith, isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, structOf } from '../../change';
import { isNewborn } from '../../newborn';
import type { Finding } from '../../partner';
import { inOneSection, pointsOf } from '../../sections';
import { lastWord, READ_SIDE, rootOf, type Site } from '../../sites';
import { written } from '../../steps';
import { unregisters } from '../../../../lower/unmodelled';
import { single } from '../../pairing';
import { statementsOf, twins } from '../../twins';

/**
 * A part of `base` is set or made ready, in the marked statement, before `publish` lets others find it on one side and after it on the other (`named`: by its name alone it does); or
 * `elsewhere`, by another function; or it is let be found by a plain store (`stored`), the earlier statement.
 */
export const latePublications = (change: Change): readonly Finding[] => [...setLate(change), ...setBehindStore(change), ...setElsewhere(change)];

/** Statements that set a field, by their text. */
const stores = (body: CNode): ReadonlyMap<string, CNode> => new Map(statementsOf(body).flatMap((node) => (node.type === 'expression_statement' && /^[A-Za-z_]\w*->[\w.>-]+\s*=[^=]/.test(node.text) ? [[written(node), node] as const] : [])));

const PART = /^\w+\s*\(\s*&?\s*([A-Za-z_]\w*->[\w.>-]+)/;

/** `platform_set_drvdata(pdev, q)`: what a device's callbacks begin with. */
const OF_DEVICE = /^\w*set_(?:drv|client|intf|driver_)data\s*\(\s*(&?)\s*([A-Za-z_][\w.>-]*)\s*,(?!\s*NULL\b)/;

/** Those, and calls that make a part of an object ready, once each. */
function readied({ post: { sources: { table } } }: Change, body: CNode): ReadonlyMap<string, CNode> {
	const readies = ({ type, text }: CNode): boolean => type === 'expression_statement' && ((beginsWith(table, 'makes-ready', text) && PART.test(text)) || OF_DEVICE.test(text));
	return new Map([...stores(body), ...single(statementsOf(body).filter(readies), written).map((node) => [written(node), node] as const)]);
}

/** What a statement sets or makes ready. */
function partOf(text: string): string {
	const [, address, device] = OF_DEVICE.exec(text) ?? [];
	if (device) return `${device}${address ? '.' : '->'}driver_data`;
	return PART.exec(text)?.[1] ?? /^[\w.>-]+/.exec(text)?.[0] ?? '';
}

/** Earlier is the statement that sets it, marked the one that publishes. */
function setElsewhere(change: Change): readonly Finding[] {
	const [old, now] = [stores(change.before.fn.body), stores(change.after.fn.body)];
	const gone = change.pre.changed.filter((name) => name !== change.name).flatMap((name) => change.pre.functions.get(name) ?? []);
	return [...now].flatMap(([text, node]): readonly Finding[] => {
		const part = /^[\w.>-]+/.exec(text)?.[0] ?? '';
		const member = lastWord(part);
		const elsewhere = gone.some(({ fn, file }) => statementsOf(fn.body).some((each) => file.place(each.line).changed && new RegExp(`->\\s*${member}\\s*=[^=]`).test(each.text)));
		if (old.has(text) || !elsewhere || !change.after.file.place(node.line).changed) return [];
		const publish = change.now.find((site) => isNamed(change.post.sources.table, 'publishes', site.api) && site.line > node.line && change.ways.get(site) === 'kept');
		const marked = publish && twins(change).find(({ after }) => after.start <= publish.start && publish.start < after.end);
		return publish && marked ? [{ words: { base: rootOf(part) ?? part, part, publish: publish.api, call: publish.text, elsewhere: '1' }, tells: 'fixes', marked, earlier: { before: undefined, after: node } }] : [];
	}).slice(0, 1);
}

const STORE = /^([A-Za-z_]\w*)(?:(?:->|\.)[\w.>-]+)?\s*=\s*([a-z_]\w*);$/;

/** What the function has made is put where others look, and made ready only then. */
function setBehindStore(change: Change): readonly Finding[] {
	const { now } = change;
	const [oldReadied, nowReadied] = [readied(change, change.before.fn.body), readied(change, change.after.fn.body)];
	const makes = (name: string): boolean => now.some(({ row, start }) => row?.effect === 'alloc' && new RegExp(`(?<![\\w.>])${name}\\s*=\\s*$`).test(change.after.fn.body.text.slice(0, start - change.after.fn.body.start)));
	const plain = (body: CNode): readonly CNode[] => single(statementsOf(body).filter((node) => node.type === 'expression_statement' && STORE.test(written(node))), written);
	const was = plain(change.before.fn.body);
	return plain(change.after.fn.body).flatMap((is): readonly Finding[] => {
		const before = was.find((each) => written(each) === written(is));
		const [, root = '', base = ''] = STORE.exec(written(is)) ?? [];
		if (!before || root === base || !makes(base) || makes(root) || structOf(change, base) === null) return [];
		for (const [text, after] of nowReadied) {
			const other = oldReadied.get(text);
			const part = partOf(text);
			if (!other || !part.startsWith(`${base}->`) || other.start < before.start || after.start > is.start || isKeptIn(change.before, change.old, before, other)) continue;
			return [{ words: { base, part, call: written(is), stored: '1' }, tells: 'fixes', earlier: { before, after: is }, marked: { before: other, after } }];
		}
		return [];
	}).slice(0, 1);
}

function setLate(change: Change): readonly Finding[] {
	const [old, now] = [readied(change, change.before.fn.body), readied(change, change.after.fn.body)];
	const { table } = change.post.sources;
	for (const publish of change.now) {
		// Until something is registered nobody asks a device for its driver's data.
		const ofDevice = OF_DEVICE.test(publish.text);
		const known = !ofDevice && isNamed(table, 'publishes', publish.api);
		const twin = change.old.filter((each) => each.text === publish.text);
		const [before] = twin;
		const named = ofDevice || (!known && letsIn(change, publish));
		if ((!known && !named) || !before || twin.length !== 1 || change.now.filter((each) => each.text === publish.text).length !== 1) continue;
		const bases = (named ? publish.args.filter(isWhole) : publish.args).flatMap((arg) => rootOf(arg) ?? []).filter((base) => structOf(change, base));
		for (const [text, after] of now) {
			const was = old.get(text);
			const part = partOf(text);
			const base = bases.find((each) => part.startsWith(`${each}->`));
			if (!was || !base || was.line < before.line === after.line < publish.line) continue;
			const early = after.line < publish.line;
			if ((named && !early) || ((early ? isNamed(table, 'found-under-lock', publish.api) : !isNamed(table, 'found-without-lock', publish.api)) && (early ? isKeptIn(change.before, change.old, before, was) : isKeptIn(change.after, change.now, publish, after)))) continue;
			return [{ words: { base, part, publish: publish.api, call: publish.text, ...(named ? { named: '1' } : { known: '1' }), ...(!early && isNewborn(table, change.before, change.old, base, was) ? { born: '1' } : {}) }, tells: early ? 'fixes' : 'introduces', marked: { before: was, after } }];
		}
	}
	return [];
}

/** Nobody shows what it does, and it is given the object. */
const letsIn = (change: Change, { api, row, args }: Site): boolean => row === null && isNamed(change.post.sources.table, 'announces', api) && !unregisters(api) && args.some(isWhole);

/** The object itself, or the part of it by which it is found: not what a pointer in it leads to. */
const isWhole = (arg: string): boolean => /^(?:&\s*[A-Za-z_]\w*->[\w.>-]+|[A-Za-z_]\w*)$/.test(arg);

/** Until the statement is done a lock is held under which the object was put where others find it. */
function isKeptIn(definition: Change['after'], sites: readonly Site[], publish: Pick<CNode, 'start'>, statement: CNode): boolean {
	const points = pointsOf(definition, sites);
	const [one, other] = [points.find(({ node }) => node.start <= publish.start && publish.start < node.end), points.find(({ node }) => node.start === statement.start)];
	return one !== undefined && other !== undefined && [...one.held.keys()].some((lock) => lock !== READ_SIDE && inOneSection(one, other, lock));
}
