import { isNamed } from '../../../../knowledge/namings';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Definition } from '../../../../lower/sources';
import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import type { Side } from '../../../sides/side';
import type { Change } from '../../change';
import { fetchedInPlace } from '../../fetched-in-place';
import { paired } from '../../pairing';
import type { Finding } from '../../partner';
import { heldAt, READ_SIDE, type Site, sitesOf } from '../../sites';
import { told } from '../../steps';
import { statementAt } from '../../twins';
import { covers, sections } from './read-section';

/** A statement that goes by what readers may go by only in a section. */
interface Reading {
	readonly node: CNode;
	/** The call, or the head of the loop, as written. */
	readonly walk: string;
	/** In a read side. */
	readonly inside: boolean;
	/** Nothing else is held there. */
	readonly bare: boolean;
}

/**
 * `walk` is done in a read side after the patch, and with nothing held before: one of the calls, or of the loops, that the row's `behind` knows, or a
 * function of these files that does one of them; or a pointer that is fetched and followed at once.
 */
export function readWalks(change: Change, { behind = '' }: Asked): readonly Finding[] {
	const names = new RegExp(behind);
	const [old, now] = [readingsOf(change.before, change.old, change.pre, names), readingsOf(change.after, change.now, change.post, names)];
	const walks = paired(old, now, ({ walk }) => walk).filter(({ before, after }) => after.inside && !before.inside && before.bare)
		.map(({ before, after }) => ({ words: { walk: told(after.walk) }, tells: 'fixes' as const, marked: { before: before.node, after: after.node } }));
	return [...walks, ...fetchedInPlace(change)].slice(0, 1);
}

function readingsOf({ fn, file }: Definition, sites: readonly Site[], side: Side, names: RegExp): readonly Reading[] {
	const inside = sections(sites);
	const found: Reading[] = [];
	const add = (node: CNode, walk: string, line: number, start: number): void => {
		const at = sites.findIndex((site) => site.start >= start);
		const bare = at < 0 || [...heldAt(sites, at).keys()].every((lock) => lock === READ_SIDE);
		found.push({ node, walk, inside: covers(inside, line), bare });
	};
	const visit = (node: CNode): void => {
		const macro = LOOPS.has(node.type) ? file.parsed.rewritten.get(node.start) : undefined;
		if (macro && names.test(macro.name)) add(node, `${macro.name}(${macro.args.map(({ text }) => folded(text)).join(', ')})`, node.line, node.start);
		for (const child of node.named) visit(child);
	};
	visit(fn.body);
	for (const site of sites) {
		const node = reads(site.api, side, names) ? statementAt(fn.body, site.line) : undefined;
		if (node) add(node, site.text, site.line, site.start);
	}
	return found;
}

const LOOPS: ReadonlySet<string> = new Set(['while_statement', 'for_statement']);
/** Functions of the files that are gone into. */
const DEPTH_BOUND = 2;
/** A function of these files whose name says that it is called in a section, unless it names a change of what is read. */
const IN_SECTION = /_rcu$/;
/** The call is one of these, or is to a function of the files that makes one and enters no section for it. */
function reads(api: string, side: Side, names: RegExp, depth = 0): boolean {
	const definition = side.functions.get(api);
	if (!definition) return names.test(api);
	if (IN_SECTION.test(api) && !isNamed(side.sources.table, 'changes-read', api)) return true;
	if (depth >= DEPTH_BOUND) return false;
	const sites = sitesOf(definition, side);
	return sections(sites).length === 0 && sites.every(({ row }) => row?.effect !== 'lock') && sites.some((site) => reads(site.api, side, names, depth + 1));
}
