import { lineScript } from '../../images/line-script';
import type { Definition } from '../../lower';
import { imageOf, lockOf, type Site } from '../../scenarios';
import type { LineEdit } from '../edit';
import { type Place, said, whereOf } from '../place';
import { assigns, callOf, type Statement, statementsOf } from '../statement';
import { isRelease } from '../vocabulary';
import { candidate, type Way } from './way';

/** A run of lines that the patch takes away and puts in their place: 0-based, of the two sides' texts. */
interface Run {
	readonly gone: readonly number[];
	readonly come: readonly number[];
	/** Index of the line after the patch before which they stand. */
	readonly at: number;
}

function runsOf(before: Definition, after: Definition, old: readonly string[], now: readonly string[]): readonly Run[] {
	const [from, to] = [before.fn.line - 1, after.fn.line - 1];
	const script = lineScript(old.slice(from, before.fn.endLine), now.slice(to, after.fn.endLine));
	const runs: { gone: number[]; come: number[]; at: number }[] = [];
	let [a, b] = [from, to];
	let open: { gone: number[]; come: number[]; at: number } | null = null;
	for (const fate of script) {
		if (fate === '=') {
			open = null;
			a++;
			b++;
			continue;
		}
		if (!open) {
			open = { gone: [], come: [], at: b };
			runs.push(open);
		}
		if (fate === '-') open.gone.push(a++);
		else open.come.push(b++);
	}
	return runs;
}

/** Runs of so many lines at most are put back as they were. */
const RUN_BOUND = 8;
const JUST_THIS = 1;
const AS_IT_WAS = 4;
const TAKEN_BACK = 6;

const isAsked = ({ node }: Statement): boolean => node.type === 'if_statement' && /\b(return|goto|continue|break)\b/.test(node.text) && node.text.length < 400;

/** Sets a field, or counts in one. */
const isUpdate = ({ node }: Statement): boolean => node.type === 'expression_statement' && /(->|\.)\w+\s*([-+|&]?=(?!=)|\+\+|--)/.test(node.text);

/** What the function did before the patch and does no more, where it did it; and what the patch has it do, taken away again. */
export const putBack: Way = function* ({ place, pre, post, failure }) {
	const { before, after } = place;
	const image = before && pre && imageOf(pre.files, before);
	if (!before || !image) return;
	const [old, now] = [image.text.split('\n'), place.lines];
	const statements = statementsOf(before.fn, old);
	const runs = runsOf(before, after, old, place.lines);
	const siteAt = (sites: readonly Site[], each: Statement): Site | undefined => sites.find((site) => site.line === each.line);
	const stands = ({ node }: Statement): boolean => place.statements.some((each) => runs.some(({ come }) => come.includes(each.line - 1)) && said(each.node.text) === said(node.text));
	/** Statements that are gone whole, with where they stood. */
	const gone = statements.flatMap((each) => {
		const run = runs.find((other) => other.gone.includes(each.line - 1));
		if (!run || !Array.from({ length: each.endLine - each.line + 1 }, (_, index) => each.line - 1 + index).every((line) => run.gone.includes(line))) return [];
		const site = callOf(each) ? siteAt(place.old, each) : undefined;
		const matters = site ? (site.row ? site.row.effect !== 'none' : post.sources.model(site.api) !== null || post.functions.has(site.api)) : isAsked(each) || (isUpdate(each) && stands(each));
		// What keeps a value would do so twice.
		const twice = callOf(each)?.kept === true && !runs.some(({ come }) => come.some((line) => said(now[line] ?? '') === said(each.node.text))) && place.statements.some((other) => runs.some(({ come }) => come.includes(other.line - 1)) && [...assigns(each.node)].some((name) => assigns(other.node).has(name)));
		// What comes in its place has that lock too, in another way.
		const lock = site ? lockOf(site) : null;
		const instead = lock !== null && place.now.some((other) => run.come.includes(other.line - 1) && lockOf(other) === lock);
		return matters && !each.bare && !twice && !instead && site?.row?.effect !== 'alloc' ? [{ each, run, site, text: old.slice(each.line - 1, each.endLine) }] : [];
	});
	const back = ({ run, text }: (typeof gone)[number], behind: boolean): LineEdit => ({ at: behind ? run.at + run.come.length : run.at, remove: 0, insert: text });
	/** The patch has moved it: it leaves the place where it stands now. */
	const elsewhere = (text: string): readonly LineEdit[] => {
		const there = place.statements.find((each) => runs.some((run) => run.come.includes(each.line - 1)) && said(each.node.text) === said(text) && !each.bare);
		return there ? [{ at: there.line - 1, remove: there.endLine - there.line + 1, insert: [] }] : [];
	};
	// A lock with its unlocks is one operation.
	const groups = new Map<string, (typeof gone)[number][]>();
	for (const each of gone) {
		const lock = each.site && lockOf(each.site);
		if (lock) groups.set(lock, [...groups.get(lock) ?? [], each]);
	}
	for (const [lock, all] of groups) {
		if (all.length < 2) continue;
		const opens = all.filter(({ site }) => site?.row?.effect !== 'unlock' && site?.row?.effect !== 'rcu-unlock');
		// What takes it goes before what comes in its place, what releases it behind that.
		if (opens.length > 0) yield candidate(place, all.flatMap((each) => [back(each, !opens.includes(each)), ...elsewhere(each.each.node.text)]), `${lock} held in ${place.name}() as it was before the patch`, JUST_THIS, true);
	}
	for (const each of gone) {
		const [where] = [whereOf(place, Math.min(each.run.at + 1, place.lines.length))];
		const moved = elsewhere(each.each.node.text);
		for (const behind of each.run.come.length > 0 ? [false, true] : [false]) {
			const edit = back(each, behind);
			if (moved.some(({ at }) => at === edit.at)) continue;
			yield candidate(place, [edit, ...moved], `${said(shortened(each.text))} ${moved.length > 0 ? 'where it was' : 'as it was'} before the patch, in ${place.name}() (${where})`, JUST_THIS + (behind ? 0.5 : 0), true);
		}
	}
	for (const { gone: lines, come, at } of runs) {
		if (lines.length === 0 || come.length === 0 || lines.length > RUN_BOUND || come.length > RUN_BOUND) continue;
		const text = lines.map((line) => old[line] ?? '');
		yield candidate(place, [{ at, remove: come.length, insert: text }], `${said(shortened(text))} as it was before the patch, in ${place.name}() (${whereOf(place, at + 1)})`, AS_IT_WAS, true);
	}
	yield* takenAway(place, runs, failure.check);
};

const shortened = (text: readonly string[]): string => (text.length > 1 ? `${text[0]?.trim() ?? ''} …` : (text[0] ?? ''));

/** Of what a patch adds, only what is done once too often can be what is wrong: what it sets or calls else is what it is for. */
const ONCE_TOO_OFTEN: ReadonlySet<string> = new Set(['refcount-underflow', 'unlock-not-held', 'use-after-free', 'pinned-after-free', 'resurrection']);

function* takenAway(place: Place, runs: readonly Run[], check: string): ReturnType<Way> {
	for (const each of place.statements) {
		const added = runs.some(({ come }) => come.includes(each.line - 1) && come.includes(each.endLine - 1));
		const site = callOf(each)?.kept === false ? place.now.find(({ line }) => line === each.line) : undefined;
		if (!added || each.bare || !site || !(ONCE_TOO_OFTEN.has(check) ? isRelease(site) : check === 'refcount-leak' && site.row?.effect === 'get')) continue;
		yield candidate(place, [{ at: each.line - 1, remove: each.endLine - each.line + 1, insert: [] }], `${place.name}() without ${said(each.node.text)} (${whereOf(place, each.line)})`, TAKEN_BACK);
	}
}
