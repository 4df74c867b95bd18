import type { Model, ViewStep } from '../../webview/protocol';

export const LONG_RUN_STEPS = 1_000;

/** A run that is longer than any schedule so far: two threads, nine cells, a lock that comes and goes. */
export function longRun(key: string): Model {
	const steps = Array.from({ length: LONG_RUN_STEPS }, (_, at): ViewStep => ({
		thread: at % 3 === 0 ? 1 : 0, operation: `op_${at}(object)`, function: `f${at % 7}`, stack: ['entry'], place: `drivers/misc/nib.c:${at + 1}`, inputLine: null, source: '',
		changes: [`object.field${at % 9}: ${at} -> ${at + 1}`], locked: at % 10 === 0 ? ['object.lock'] : [], unlocked: at % 10 === 6 ? ['object.lock'] : [], waiting: [], modelled: false,
	}));
	return {
		key, document: '', subject: 'a long run', reason: '', outcome: '', verdicts: { pre: '', post: '' }, threads: [{ name: 'CPU0', entry: 'a', context: 'task' }, { name: 'CPU1', entry: 'b', context: 'task' }],
		runs: [{ key: 'r', side: 'pre', kind: 'failure', title: 'a long run', message: 'end', steps, stuckAt: null }], assumptions: [], notModelled: [], choosable: false, speed: 60,
	};
}
