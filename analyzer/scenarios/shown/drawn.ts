import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import type { Diagram } from '../../mail/patch';
import type { CParser } from '../../parse';
import type { ScenarioReview } from '../../review';
import { changeOf, type Change } from '../implied/change';
import { parameters, thread } from '../implied/partner';
import { partyOf } from '../callers/roles';
import type { Scenario } from '../scenario';
import type { Side } from '../sides/side';
import type { Models } from '../sides/sources';

/** A scenario of a drawing, and the drawing. */
export interface DrawnScenario extends Scenario {
	readonly diagram: Diagram;
}

/**
 * A changed function against one that the mail draws and nobody shows, in two columns: the latter does what is drawn of it, and gives back at its end the locks
 * that it is drawn to take.
 */
export function drawnScenarios(parser: CParser, pre: Side | null, post: Side | null, models: Models, diagrams: readonly Diagram[]): readonly DrawnScenario[] {
	if (!pre || !post) return [];
	return diagrams.filter(({ columns }) => columns.length === 2).flatMap((diagram): readonly DrawnScenario[] => {
		// The changed function may be drawn inside of its callers.
		const changed = (name: string): boolean => post.changed.includes(name) || pre.changed.includes(name);
		const at = diagram.events.find(({ call }) => changed(call)) ?? diagram.columns.flatMap((_, column) => { const call = headOf(diagram, column); return call !== undefined && changed(call) ? [{ column, call }] : []; })[0];
		const [name, other] = at ? [at.call, headOf(diagram, 1 - at.column)] : [];
		const change = name === undefined ? null : changeOf(parser, name, pre, post, () => []);
		if (!change || !other || isInSight(other, post, models)) return [];
		const drawn = at ? asDrawn(change, diagram, 1 - at.column, other, models) : null;
		const [before, after] = [partyOf(pre, models, change.name, 0), partyOf(post, models, change.name, 0)];
		if (!drawn || !before || !after) return [];
		const beside: Party = { name: 'CPU1', entry: other, definition: drawn, context: 'task', start: 'ready', runs: 1, modelled: true };
		return [{
			because: 'diagram', reason: `the ${diagram.author === 'reply' ? 'reviewer' : 'changelog'} draws it at line ${diagram.input}; ${other}(), which nobody shows, does no more than is drawn of it`,
			pre: [before, beside], post: [after, beside], entries: [change.name, other], claimed: true, weight: 200, diagram,
		}];
	});
}

/** A drawing leaves out what does not bear on its race: only that the race is gone is believed, or that locks which are drawn are still taken in a circle. */
export const isDrawnOut = ({ outcome, pre, post }: ScenarioReview): boolean =>
	(outcome === 'fixes' && pre?.failures.every(({ check }) => check !== 'lock-held-at-return') === true) || (outcome === 'still-fails' && post?.failures.every(({ check }) => check === 'deadlock') === true);

/** The function that the column is of: its outermost call, the first, or what its label names. */
function headOf({ columns, events }: Diagram, index: number): string | undefined {
	const label = /\b([a-z]\w*_\w+)/.exec(columns[index]?.label ?? '')?.[1];
	const own = events.filter((event) => event.column === index);
	const [first] = own;
	return label ?? (first && first.call !== '' && own.every((event) => event === first || event.depth > first.depth) ? first.call : undefined);
}

/** The function that each column is drawn as, where that is not what is run for it. */
export const callersDrawn = (diagram: Diagram, stands: (column: number, head: string) => boolean): readonly (string | undefined)[] => diagram.columns.map((_, column) => {
	const head = headOf(diagram, column);
	return head?.includes('_') && stands(column, head) ? head : undefined;
});

/** Its source is at hand, or it is known for what it does. */
const isInSight = (name: string, side: Side, models: Models): boolean =>
	side.functions.has(name) || models.functions.has(name) || side.sources.table.rows.has(name) || side.sources.elsewhere(name, side.files[0]?.image.path ?? '') !== null;

const CALL = /^([A-Za-z_]\w*)\s*\((.*)\)\s*;?$/;
const SETS = /^[A-Za-z_][\w>.-]*(?:->|\.)\w+\s*=\s*(?:NULL|true|false|\d+)\s*;?$/;

/** What is drawn of it, as its body; null where that does nothing that anybody would notice. */
function asDrawn(change: Change, { events }: Diagram, column: number, name: string, models: Models): Definition | null {
	const { table } = change.post.sources;
	const body: string[] = [];
	const due: string[] = [];
	const params: string[] = [];
	let bears = false;
	let inside = Number.MAX_SAFE_INTEGER;
	for (const event of events) {
		const text = event.text.replace(/\/\*.*?(?:\*\/|$)/g, '').trim();
		if (event.column !== column || event.call === name || event.depth > inside) continue;
		inside = Number.MAX_SAFE_INTEGER;
		if (SETS.test(text)) body.push(text.replace(/;?$/, ';'));
		const [, api = '', args = ''] = CALL.exec(text) ?? [];
		const row = table.rows.get(api);
		const model = models.functions.get(api);
		if (!row && !model) continue;
		// What is drawn inside of it is what it does.
		inside = event.depth;
		bears ||= model !== undefined || row?.effect !== 'none';
		if (args.trim() === '' && row?.args !== 0) {
			// A model's arguments are whatever the function was called with.
			if (!model || row) continue;
			for (const each of model.fn.params) if (!params.includes(`${each.type} ${each.name}`)) params.push(`${each.type} ${each.name}`);
			body.push(`${api}(${model.fn.params.map((each) => each.name).join(', ')});`);
			continue;
		}
		body.push(`${api}(${args});`);
		if (row?.effect === 'lock') due.unshift(...releasesOf(api).filter((release) => table.rows.get(release)?.effect === 'unlock').slice(0, 1).map((release) => `${release}(${args});`));
		if (row?.effect === 'unlock') due.splice(due.indexOf(`${api}(${args});`), due.includes(`${api}(${args});`) ? 1 : 0);
	}
	if (!bears || body.length === 0) return null;
	return thread(change, name, [parameters(change, body), ...params].filter((each) => each !== '').join(', '), [...body, ...due].join('\n'));
}

/** Names that the release of such a lock may go by. */
const releasesOf = (api: string): readonly string[] =>
	[api.replace('lock', 'unlock').replace('irqsave', 'irqrestore'), api.replace(/^down/, 'up')].filter((name) => name !== api);
