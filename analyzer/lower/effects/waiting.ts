import { branchOn } from '../grammar/condition';
import { INT } from '../values/ctype';
import { address, type Call, type Handler, placeAt, type RowOf, valueAt } from './call';
import { constantOf, value } from '../emitted/emitter';
import type { Frame } from '../frame';
import type { Val } from '../values/value';
import { addressOf, lastOf } from '../values/access';
import { callNamed } from '../descent';
import { within } from '../values/scope';

/** What complete_all() leaves: enough for every waiter. */
const COMPLETED_FOR_ALL = 200;

/** A wait that a signal or a timeout may end: which value it then has, or null when neither. */
function early(c: Call, fails: number | undefined, timeout: boolean | undefined): Val | null {
	if (fails === undefined && !timeout) return null;
	const { l } = c;
	const choice = l.temporary(INT);
	l.chooseFrom(choice.operand.reg, [0, 1]);
	return choice;
}

/** wait_event(): include/linux/wait.h, ___wait_event(). */
function waitEvent(c: Call): Val | undefined {
	const row = c.row as RowOf<'wait-event'>;
	const { l } = c;
	const { emitter } = l;
	const place = placeAt(c, row.at);
	const condition = l.sources.expression(row.condition);
	if (!place || !condition) return undefined;
	l.waits++;
	const [top, asleep, gone, done] = [emitter.label(), emitter.label(), emitter.label(), emitter.label()];
	const result = l.temporary(INT);
	emitter.place(top);
	emitter.visible({ op: 'prepare-wait', at: address(place) }, { key: place.key });
	within(l, c.frame, () => branchOn(l, condition, done, asleep));
	emitter.place(asleep);
	l.from(c.node);
	const ends = early(c, row.fails, row.timeout);
	if (ends) emitter.branch(ends.operand, gone);
	const lock = row.locked === undefined ? null : placeAt(c, row.locked);
	const irq = row.api.endsWith('_irq') || row.api.includes('_irq_') ? '_irq' : '';
	// The lock is let go of for as long as it sleeps.
	if (lock) callNamed(l, `spin_unlock${irq}`, [addressOf(l, lock)], c.node);
	if (row.locked !== undefined) emitter.local({ op: 'might-sleep', what: row.api });
	emitter.visible({ op: 'sleep', at: address(place) }, { key: place.key });
	// Off the queue first: where nobody in the scenario answers, a wait goes on from there (judge/search/past.ts), with the lock.
	if (lock) {
		emitter.visible({ op: 'finish-wait', at: address(place) }, { key: place.key });
		callNamed(l, `spin_lock${irq}`, [addressOf(l, lock)], c.node);
	}
	emitter.jump(top);
	emitter.place(gone);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(row.fails ?? 0) });
	const out = emitter.label();
	emitter.jump(out);
	emitter.place(done);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(row.timeout ? 1 : 0) });
	emitter.place(out);
	emitter.visible({ op: 'finish-wait', at: address(place) }, { key: place.key });
	return result;
}

function prepareWait(c: Call): Val | undefined {
	const place = placeAt(c, (c.row as RowOf<'prepare-wait'>).at);
	if (!place) return undefined;
	c.l.waitingOn = place;
	c.l.emitter.visible({ op: 'prepare-wait', at: address(place) }, { key: place.key });
	if (!(c.row as RowOf<'prepare-wait'>).awake) stays(c, 1);
	return undefined;
}

/** The task's state: 1 when the next schedule is to sleep. Two places that set it keep it from being taken for a constant. */
function stays(c: Call, asleep: 0 | 1): void {
	c.l.emitter.local({ op: 'set', dst: stateOf(c), from: value(asleep) });
}

function stateOf({ l }: Call): number {
	l.asleep ??= l.emitter.register();
	return l.asleep;
}

/** set_current_state(): a wake-up from here on is not missed, one before it is. */
function taskState(c: Call): Val | undefined {
	const row = c.row as RowOf<'task-state'>;
	const { l } = c;
	if (constantOf(valueAt(c, row.value).operand) === 0) {
		stays(c, 0);
		return undefined;
	}
	const place = l.waitingOn?.kind === 'memory' ? l.waitingOn : placeAt(c, row.at);
	if (!place) return undefined;
	l.waitingOn = place;
	l.emitter.visible({ op: 'prepare-wait', at: address(place) }, { key: place.key });
	stays(c, 1);
	if (row.order === 'full') l.emitter.local({ op: 'fence', kind: 'full' });
	return undefined;
}

function finishWait(c: Call): Val | undefined {
	const place = placeAt(c, (c.row as RowOf<'finish-wait'>).at);
	if (!place) return undefined;
	c.l.waitingOn = null;
	c.l.emitter.visible({ op: 'finish-wait', at: address(place) }, { key: place.key });
	if (!(c.row as RowOf<'finish-wait'>).awake) stays(c, 0);
	return undefined;
}

/** schedule(): sleeps on the queue that was prepared before, else merely may sleep. */
function schedule(c: Call): Val | undefined {
	const { waitingOn, emitter } = c.l;
	if (waitingOn?.kind !== 'memory') {
		if (!c.row.sleeps) emitter.local({ op: 'might-sleep', what: c.row.api });
		return undefined;
	}
	const running = emitter.label();
	emitter.branch(c.l.alu('eq', { reg: stateOf(c) }, value(0)).operand, running);
	emitter.visible({ op: 'sleep', at: address(waitingOn) }, { key: waitingOn.key });
	stays(c, 0);
	// Who was woken has as many rounds again to see why.
	for (let frame: Frame | null = c.l.frame; frame; frame = frame.parent) {
		for (const { rounds } of frame.loops) if (rounds !== undefined) emitter.local({ op: 'set', dst: rounds, from: value(0) });
	}
	emitter.place(running);
	return undefined;
}

function wake(c: Call): Val | undefined {
	const row = c.row as RowOf<'wake'>;
	const place = placeAt(c, row.at);
	if (place) c.l.emitter.visible({ op: 'wake', at: address(place), all: row.all }, { key: place.key });
	return undefined;
}

function initCompletion(c: Call): Val | undefined {
	const place = placeAt(c, (c.row as RowOf<'init-completion'>).at);
	if (place) c.l.emitter.visible({ op: 'store', at: address(place), from: value(0), order: 'once' }, { key: place.key, marked: true });
	return undefined;
}

function complete(c: Call): Val | undefined {
	const row = c.row as RowOf<'complete'>;
	const place = placeAt(c, row.at);
	if (!place) return undefined;
	c.l.facts.stored.add(lastOf(place.key));
	c.l.emitter.visible({ op: 'rmw', at: address(place), ...(row.all ? {} : { alu: 'add' as const }), value: value(row.all ? COMPLETED_FOR_ALL : 1), order: 'full' }, { key: place.key, marked: true });
	return undefined;
}

function waitCompletion(c: Call): Val | undefined {
	const row = c.row as RowOf<'wait-completion'>;
	const { l } = c;
	const { emitter } = l;
	const place = placeAt(c, row.at);
	if (!place) return undefined;
	const result = l.temporary(INT);
	const [gone, out] = [emitter.label(), emitter.label()];
	emitter.local({ op: 'might-sleep', what: row.api });
	l.waits++;
	const ends = early(c, row.fails, row.timeout);
	if (ends) emitter.branch(ends.operand, gone);
	emitter.atomically(() => {
		emitter.visible({ op: 'await', at: address(place), alu: 'gt', value: value(0), sleeps: true }, { key: place.key });
		const old = l.temporary(INT);
		emitter.local({ op: 'load', dst: old.operand.reg, at: address(place), order: 'full' });
		const all = emitter.label();
		emitter.branch(l.alu('ge', old.operand, value(COMPLETED_FOR_ALL)).operand, all);
		emitter.local({ op: 'store', at: address(place), from: l.alu('sub', old.operand, value(1)).operand, order: 'full' });
		emitter.place(all);
	});
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(row.timeout ? 1 : 0) });
	emitter.jump(out);
	emitter.place(gone);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(row.fails ?? 0) });
	emitter.place(out);
	return result;
}

export const waitEffects = {
	'wait-event': waitEvent, 'prepare-wait': prepareWait, 'finish-wait': finishWait, 'task-state': taskState, schedule, wake, 'init-completion': initCompletion, complete, 'wait-completion': waitCompletion,
} satisfies Partial<Record<string, Handler>>;
