import type { CheckName } from '../../../sim';
import type { Aside, Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import type { Party } from '../../lower/threads/party';
import { inWords } from '../names/called';
import { type ImpliedScenario, own, thread, wrapper } from '../implied/partner';
import { told } from '../implied/steps';
import { type Claim, quoted } from './claim';
import type { Edit } from './edit';
import { type Explanation, KEEPING } from './explained';
import { explanationOf } from './explanation';
import { headOf } from './standing';
import { isUnordered } from './unordered';
import { JUMPS } from './ways';

const OTHER = 'another_thread';

/** The function on either side of the patch with the edit enacted as what ends the claimed failure; null where it cannot be taken for that. */
export function enacted(edit: Edit, claim: Claim, check: CheckName, words: string): ImpliedScenario | null {
	const { change, made, next, was } = edit;
	const explanation = explanationOf(check, edit, words);
	if (!explanation) return null;
	const inCode = (node: CNode | undefined): string => (node ? `\`${told(headOf(node))}\`` : '');
	const { keeps, kept } = KEEPING[keepingOf(edit)];
	const filled = (text: string): string => text.replaceAll('$keeps', keeps).replaceAll('$kept', kept).replaceAll('$made', () => inCode(made)).replaceAll('$next', () => inCode(next?.after)).replaceAll('$was', () => inCode(was));
	const code = (name: string, text: string | undefined): Definition | null => (text === undefined ? null : thread(change, name, '', `\t${filled(text)}`));
	const self = `${change.name}(${change.after.fn.params.map(({ name }) => name).join(', ')})`;
	const entered = wrapper(change, filled(explanation.entered), { self });
	const other = code(OTHER, explanation.other);
	if (!entered || (explanation.other !== undefined && !other)) return null;
	const ours = (side: 'before' | 'after'): Definition => {
		const { file, fn } = change[side];
		return { fn, file: { path: file.path, parsed: file.parsed, modelled: file.modelled, place: (line: number) => file.place(line), asides: asidesOf(edit, explanation, side, code) } };
	};
	const [before, after] = [ours('before'), ours('after')];
	const beside: readonly Party[] = other ? [{ name: 'CPU1', entry: OTHER, definition: other, context: 'task', start: 'ready', runs: 1, modelled: true, called: inWords(OTHER) }] : [];
	return {
		because: 'prose', reason: `${quoted(claim.text)}. The code shown does not explain it: ${inCode(made)} ${filled(explanation.says)}`,
		pre: [own(change, entered, change.pre, before), ...beside], post: [own(change, entered, change.post, after), ...beside],
		entries: [change.name, ...(other ? [OTHER] : [])], claimed: false, weight: 10, tells: 'fixes', own: { name: change.name, pre: before, post: after }, outline: new Set([check]), ...(isUnordered(edit, claim, check) ? { unordered: true } : {}),
	};
}

/** What the edit's statement does to another thread, if it does something. */
const keepingOf = ({ change, made }: Edit): keyof typeof KEEPING =>
	(made.type === 'if_statement' ? 'noticed' : change.now.some(({ start, row }) => start >= made.start && start < made.end && row?.effect === 'fence') ? 'ordered' : 'out');

/** What is done beside the edit's statements, by where they begin on that side. */
function asidesOf({ change, how, made, was, next, since, within }: Edit, { made: making, next: behind, gone, leaving, ...explanation }: Explanation, side: 'before' | 'after', code: (name: string, text: string | undefined) => Definition | null): ReadonlyMap<number, Aside> {
	const all = new Map<number, Aside>();
	const put = (node: CNode | undefined, which: keyof Aside, name: string, text: string | undefined): void => {
		const definition = node ? code(name, text) : null;
		if (node && definition) all.set(node.start, { ...all.get(node.start), [which]: definition });
	};
	// Ways that leave before it is due are not asked.
	const early = leaving ? jumpsIn(change[side].fn.body).slice(0, jumpsIn(change.after.fn.body).filter(({ start }) => start < made.start).length) : [];
	if (how === 'marked' || how === 'way' || how === 'spared' || how === 'instead') {
		if (side === 'before') put(was, 'before', 'asked', gone);
		return all;
	}
	if (how === 'guard' && !next) {
		// What comes behind the condition is all that nobody shows.
		put(side === 'after' ? made : was, 'after', 'done', [side === 'after' ? making : undefined, behind].filter((each) => each !== undefined).join('\n\t') || undefined);
		for (const jump of side === 'after' ? [...early, ...jumpsIn(made)] : early) put(jump, 'before', 'done', leaving);
		return all;
	}
	if (!next && !since) for (const jump of early) put(jump, 'before', 'done', leaving);
	if (explanation.out) for (const jump of jumpsIn(side === 'after' ? made : (was ?? made))) put(jump, 'before', 'asked', explanation.out);
	put(since?.[side], 'after', 'from_here', explanation.since);
	if (how !== 'gone' && !within) put(side === 'after' ? made : how === 'moved' ? was : undefined, 'after', 'done', making);
	// What a condition decides on comes right behind its being true.
	const inside = within && side === 'after' ? [making, behind] : [behind];
	put(next?.[side], 'before', 'asked', inside.every((each) => each === undefined) ? undefined : inside.filter((each) => each !== undefined).join('\n\t'));
	put(next?.[side], 'after', 'past', explanation.past);
	if (how === 'gone' && side === 'before') put(made, 'before', 'asked', gone);
	return all;
}

const jumpsIn = (node: CNode): readonly CNode[] => (JUMPS.has(node.type) ? [node] : node.named.flatMap(jumpsIn));
