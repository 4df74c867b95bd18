import { callsNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, declared, mirrored } from '../../change';
import { type Finding, turnedBack } from '../../partner';
import { escaped, heldAt, lastWord, READ_SIDE, rootOf, type Site } from '../../sites';
import { statementsOf, twins } from '../../twins';

/**
 * A place is read by `acquire`, a load behind which all others come, on one side, and by one that orders nothing on the other one (the earlier statement); what it tells to be there is read
 * in the marked one. A pointer that is followed needs no more. `paired`: some function in sight stores to the place so that all before it is seen first.
 */
export const acquiredLoads = (change: Change): readonly Finding[] => [...of(change), ...of(mirrored(change)).map(turnedBack)].slice(0, 1);

function of(change: Change): readonly Finding[] {
	const { body } = change.after.fn;
	return change.now.flatMap((site, at): readonly Finding[] => {
		if (site.row?.effect !== 'load' || site.row.order !== 'acquire' || change.ways.get(site) !== 'added' || [...heldAt(change.now, at).keys()].some((lock) => lock !== READ_SIDE)) return [];
		const place = placeOf(site);
		const root = rootOf(place);
		const old = change.old.find((each) => each.row?.effect === 'load' && each.row.order !== 'acquire' && change.ways.get(each) === 'removed' && placeOf(each) === place);
		const [before, after] = [old && statementAt(change.before.fn.body, old), statementAt(body, site)];
		if (!before || !after || root === null || !/->|\./.test(place) || (!/->/.test(place) && declared(change, root) !== undefined) || isFollowed(after, body)) return [];
		const marked = twins(change).find((each) => each.after.start >= after.end && each.before.start >= before.end && MARKABLE.has(each.after.type) && othersOf(change, asked(each.after), place));
		const between = (sites: readonly Site[], from: CNode, to: CNode): boolean => sites.some((each) => each !== site && each.start >= from.start && each.start < to.start && orders(each));
		if (!marked || between(change.now, after, marked.after) || between(change.old, before, marked.before)) return [];
		return [{ words: { acquire: site.api, call: site.text, place, ...(isPaired(change, place) ? { paired: '1' } : {}) }, tells: 'fixes', marked, earlier: { before, after } }];
	}).slice(0, 1);
}

const MARKABLE: ReadonlySet<string> = new Set(['expression_statement', 'if_statement', 'return_statement']);
const asked = (node: CNode): string => (node.field('condition') ?? node).text;
const placeOf = ({ args }: Site): string => (args[0] ?? '').replace(/^&\s*/, '');

/** The innermost statement of the call that ends before what it decides on. */
const statementAt = (body: CNode, { start }: Site): CNode | undefined => statementsOf(body).findLast((node) => MARKABLE.has(node.type) && node.type !== 'return_statement' && node.start <= start && (node.field('condition') ?? node).end > start);

/** What was read leads to what is read next: that cannot be read before it. */
function isFollowed(node: CNode, body: CNode): boolean {
	const into = /([A-Za-z_]\w*)\s*=(?!=)/.exec(asked(node))?.[1];
	return into !== undefined && new RegExp(`(?<![\\w.>])${into}\\s*(?:->|\\[)|\\*\\s*${into}\\b`).test(body.text.slice(node.end - body.start));
}

/** Something else of what others share is read. */
const othersOf = (change: Change, text: string, place: string): boolean => [...text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)((?:->\w+|\.\w+)+)(?!\s*\(|\s*=(?!=))/g)]
	.some(([found = '', root = '']) => found !== place && found.includes('->') && declared(change, root) !== undefined);

/** What comes behind it is done behind it. */
const orders = ({ row }: Site): boolean => row !== null && (row.effect === 'lock' || ('order' in row && (row.order === 'acquire' || row.order === 'full')) || (row.effect === 'fence' && row.kind !== 'write'));

/** Who stores to the place makes all of it seen first. */
const isPaired = ({ post: { functions, sources: { table } } }: Change, place: string): boolean => {
	const member = escaped(lastWord(place));
	const orderly = new RegExp(callsNamed(table, 'orders'));
	const stores = new RegExp(`(?:${callsNamed(table, 'orders')}\\s*&?[\\w.>-]*(?:->|\\.)${member}\\s*,|(?:->|\\.)${member}\\s*(?:=(?!=)|,))`);
	return [...functions.values()].some(({ fn: { body } }) => orderly.test(body.text) && stores.test(body.text));
};
