import { beginsWith, callsNamed, callsOne, isNamed, namesOf } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { added, type Change } from '../../change';
import type { Finding } from '../../partner';
import { pointsOf } from '../../sections';
import type { Site } from '../../sites';
import { withoutComments } from '../../../../parse/plain-text';
import { told } from '../../steps';
import { conditionals, isChanged, parentOf, statementAt, statementsOf } from '../../twins';

/** A name of what takes something out of where others find it. */
const TAKES_OUT = '\\w*(?:dequeue|unlink|remove|cancel)\\w*';

/** Something is taken out of where others find it, or what leads to it is cleared. */
function unlinks({ post }: Change, text: string): boolean {
	const { table } = post.sources;
	return new RegExp(`\\b(?:${namesOf(table, 'takes-out')}|${TAKES_OUT})\\s*\\(|->\\s*[\\w.]+(?:\\[[^\\]]*\\])?\\s*=\\s*NULL\\s*$|${callsNamed(table, 'writes-once')}[^;]*NULL\\s*\\)`).test(text);
}

/**
 * `object`, which lives in the function's own frame, is waited for by `wait` no longer than a while; when that is over, one side takes it out of where who
 * answers finds it (the first such statement is marked), the other returns and leaves it there. `elided`: that is done behind a label that nobody shows.
 * `unlocked`: it is taken out under no lock, when who answers may have found it.
 */
export function leftBehind(change: Change): readonly Finding[] {
	return [...of(change, 'after', 'fixes'), ...of(change, 'before', 'introduces'), ...mayGiveUp(change, 'now', 'introduces'), ...mayGiveUp(change, 'old', 'fixes')];
}

function of(change: Change, side: 'before' | 'after', tells: 'fixes' | 'introduces'): readonly Finding[] {
	const [here, there] = [change[side], change[side === 'after' ? 'before' : 'after']];
	const sites = side === 'after' ? change.now : change.old;
	const own = (node: CNode): boolean => isChanged(here, node);
	return sites.filter(({ api }) => isNamed(change.post.sources.table, 'awaits-a-while', api)).flatMap((wait): readonly Finding[] => {
		const object = /^&?\s*([A-Za-z_]\w*)\./.exec(wait.args[0] ?? '')?.[1] ?? null;
		if (!object || !isOwn(here.fn.body.text, object, here.fn.params.map(({ name }) => name))) return [];
		const branch = overdue(here.fn.body, wait.start, wait.line);
		const direct = branch ? statementsOf(branch).find((node) => own(node) && /^(?:expression|if)_statement$/.test(node.type) && unlinks(change, headOf(node))) : undefined;
		const away = branch && !direct ? statementsOf(branch).find((node) => node.type === 'goto_statement' && own(node)) : undefined;
		const label = away ? /\w+(?=\s*;?$)/.exec(away.text)?.[0] : undefined;
		const behind = label === undefined ? undefined : labelled(here.fn.body, label);
		const out = direct ?? (behind ? statementsOf(here.fn.body).find((node) => node.start >= behind.start && node.type === 'expression_statement' && unlinks(change, headOf(node))) : away);
		const first = branch && out ? (statementsOf(branch).find((node) => own(node) && node.start <= (away ?? out).start && node.type === 'expression_statement') ?? direct) : undefined;
		const [mine, other] = [statementAt(here.fn.body, wait.line), waitIn(there.fn.body, wait.api)];
		if (!first || !out || !mine || !other || (overdue(there.fn.body, other.start, other.line) && unlinks(change, overdue(there.fn.body, other.start, other.line)?.text ?? ''))) return [];
		const [before, after] = side === 'after' ? [other, mine] : [mine, other];
		if (label !== undefined && new RegExp(`\\bgoto\\s+${label}\\b`).test(overdue(there.fn.body, other.start, other.line)?.text ?? '')) return [];
		if (tells === 'fixes' && direct && !isKeptOut(change, wait, direct)) return [{ words: { object, wait: wait.api, out: told(headOf(direct)), unlocked: '1' }, tells: 'still-fails' }];
		const elided: Readonly<Record<string, string>> = away && !behind ? { elided: label ?? '' } : {};
		// What nobody shows may take it out instead.
		if (tells === 'introduces' && added(change).some(({ row }) => row === null)) return [];
		return [{ words: { object, wait: wait.api, out: told(headOf(out)), ...elided }, tells, marked: { before, after }, earlier: side === 'after' ? { before: undefined, after: first } : { before: first, after: undefined } }];
	}).slice(0, 1);
}

/** It is cleared. */
const CLEARS = /(?:^|\()\s*&?[\w.>-]+\s*(?:=(?!=)|,)\s*NULL/;

/** Who answers has not found it yet when it is taken out, or is waited for: that is done under a lock taken since, in one step, or by a call that nobody shows; or something is waited for behind it. */
function isKeptOut(change: Change, wait: Site, out: CNode): boolean {
	const { after: { fn }, now } = change;
	const { table } = change.post.sources;
	if (callsOne(table, 'in-one-step', out.text) || !(CLEARS.test(headOf(out)) || beginsWith(table, 'takes-out', headOf(out))) || fn.gaps.some((gap) => gap > wait.line && gap <= out.line)) return true;
	const held = pointsOf(change.after, now).find(({ node }) => node.start === out.start)?.held;
	if (held && [...held.values()].some((since) => since > wait.start)) return true;
	return now.some(({ start, row, api }) => start > out.start && (row === null || row.effect === 'wait-completion' || row.effect === 'flush' || row.effect === 'wait-event' || row.effect === 'rcu-sync' || (row.effect === 'cancel' && row.wait) || isNamed(table, 'keeps-off-all', api)));
}

const labelled = (body: CNode, label: string): CNode | undefined => (body.type === 'labeled_statement' && body.field('label')?.text === label ? body : body.named.map((each) => labelled(each, label)).find((each) => each !== undefined));

/** It was waited for until it came (`sure`), and is given up by `wait` on the other side, which returns `won` or `lost` and then leaves it where it is. */
function mayGiveUp(change: Change, side: 'now' | 'old', tells: 'fixes' | 'introduces'): readonly Finding[] {
	const [here, there] = side === 'now' ? [change.now, change.old] : [change.old, change.now];
	const { fn } = change[side === 'now' ? 'after' : 'before'];
	return here.flatMap((wait): readonly Finding[] => {
		const { row } = wait;
		const object = /^&\s*([A-Za-z_]\w*)\./.exec(wait.args[0] ?? '')?.[1];
		if (row?.effect !== 'wait-completion' || !(row.timeout || row.fails !== undefined) || !object || change.ways.get(wait) === 'kept' || !isOwn(fn.body.text, object, fn.params.map(({ name }) => name))) return [];
		const sure = there.find((each) => each.row?.effect === 'wait-completion' && !each.row.timeout && each.row.fails === undefined && each.args[0] === wait.args[0] && change.ways.get(each) !== 'kept');
		const behind = fn.body.text.slice(wait.start - fn.body.start + wait.api.length);
		// Who is given it then may take it out.
		const handed = new RegExp(`\\(\\s*(?:[^();]*,\\s*)?&\\s*${object}\\b(?!\\s*\\.\\s*\\w+\\s*,\\s*\\w)`).test(behind.slice(behind.indexOf(')')));
		if (!sure || unlinks(change, behind) || handed) return [];
		return [{ words: { object, wait: wait.api, sure: sure.api, won: row.timeout ? '1' : '0', lost: row.timeout ? '0' : String(row.fails) }, tells }];
	}).slice(0, 1);
}

/** A statement without what it decides on. */
const headOf = (node: CNode): string => (node.type === 'if_statement' ? (node.field('condition')?.text ?? '') : node.text.replace(/;$/, ''));

/** A variable of the frame that is no pointer; or one whose declaration nobody shows, and that is used as such. */
const isOwn = (body: string, name: string, params: readonly string[]): boolean => !params.includes(name) && !new RegExp(`\\b${name}\\s*->|\\*\\s*${name}\\b`).test(withoutComments(body));

const waitIn = (body: CNode, api: string): CNode | undefined => statementsOf(body).findLast((node) => new RegExp(`\\b${api}\\s*\\(`).test(node.type === 'if_statement' ? (node.field('condition')?.text ?? '') : node.text) && (node.type === 'if_statement' || node.type === 'expression_statement'));

/** What is done when the wait was over too early: `if (!wait(…))`, or `ret = wait(…); if (!ret)`, `if (ret <= 0)`. */
function overdue(body: CNode, start: number, line: number): CNode | null {
	const direct = conditionals(body).find((node) => { const condition = node.field('condition'); return condition !== null && condition.start <= start && condition.end >= start; });
	if (direct) return TOO_EARLY.test((direct.field('condition')?.text ?? '').replace(/\s+/g, '')) ? direct.field('consequence') : direct.field('alternative');
	const statement = statementAt(body, line);
	const result = /(\w+)\s*=/.exec(statement?.text ?? '')?.[1];
	const block = statement ? parentOf(body, statement) : undefined;
	const next = block && result ? conditionals(block).find((node) => node.start > start && new RegExp(`^\\(\\s*(?:!\\s*${result}\\b|${result}\\s*(?:==|<=?)\\s*0)`).test(node.field('condition')?.text ?? '')) : undefined;
	return next?.field('consequence') ?? null;
}

const TOO_EARLY = /^\(!|(?:==|<=|<)0\)$/;
