import type { Party } from '../../lower/threads/party';
import { INTERRUPTS } from '../callers/roles';

/** What a function's name says of where it runs. */
const RUNS: readonly { readonly name: RegExp; readonly in: readonly Party['context'][] }[] = [
	{ name: /_(irq|isr|intr|interrupt|hardirq)(_handler|_fn)?$|_irq_|^irq_/, in: ['hardirq'] },
	{ name: /_(tasklet|softirq|bh)(_fn|_func|_handler)?$/, in: ['softirq'] },
	{ name: /(timer|timeout|expired?|tick)(_fn|_func|_handler|_cb|_callback)?$/, in: ['timer', 'softirq', 'hardirq', 'work'] },
	{ name: /(work|worker|workfn|work_fn|work_func|work_handler)$/, in: ['work', 'task'] },
	{ name: /k?thread(_fn|_func)?$/, in: ['task'] },
	{ name: /(_rcu|_rcu_cb|_free_rcu)$/, in: ['rcu'] },
];

/** Verbs of names, as words between underscores. */
const verb = (words: string): RegExp => new RegExp(`(?:^|_)(?:${words})(?:_|$)`);
const ENDS = verb('free|put|release|del|delete|remove|rm|destroy|close|disconnect|detach|unregister|unbind|kill|exit|cleanup|purge|evict|drop|teardown|shutdown|stop|truncate|punch|invalidate|setattr|unlink|unpublish|replace|reset|reclaim|flush|clear');
const MAKES = verb('init|probe|register|create|setup|alloc|attach|new');
const FINDS = verb('get|find|lookup|search|open|match|pick|select|walk|show|dump|run|rx|recv|tx|xmit|read');
const FAULTS = verb('fault|mkwrite|read|readpage|read_folio|fill|map_pages|write_begin|filemap');

/** How well a function's name fits the thread that is assumed: below zero, not at all. */
export function fitsName(name: string, { context, key, part }: Party): number {
	const told = RUNS.find((each) => each.name.test(name));
	// What only a model starts is nobody's callback.
	const calledBack = key !== undefined && !/(?:^|\.)__/.test(key);
	if (told) return told.in.includes(context) ? 2 : INTERRUPTS.has(context) || calledBack ? -1 : 0;
	// What is called back is known by its name, or not at all.
	if (calledBack) return -1;
	const ends = ENDS.test(name);
	if (part === 'ends') return ends ? 2 : MAKES.test(name) || FINDS.test(name) ? -1 : 0;
	if (part === 'fills') return FAULTS.test(name) ? 2 : ends ? -1 : 0;
	if (part === 'finds') return FINDS.test(name) ? 2 : ends ? -1 : 0;
	return 0;
}
