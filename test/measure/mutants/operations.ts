import type { CallLine } from './statements';

/** What the generator takes for an acquire, a release, a get, a put. It is apart from the table on purpose: the table is under test. */

export interface LockCall {
	readonly call: CallLine;
	/** The lock as the text names it. */
	readonly key: string;
	/** Name of the call that releases it. */
	readonly release: string;
	readonly spins: boolean;
}

const RELEASES: readonly (readonly [RegExp, string])[] = [
	[/^(raw_)?spin_lock$/, '$1spin_unlock'], [/^spin_lock_bh$/, 'spin_unlock_bh'], [/^(raw_)?spin_lock_irq$/, '$1spin_unlock_irq'], [/^(raw_)?spin_lock_irqsave$/, '$1spin_unlock_irqrestore'],
	[/^mutex_lock$/, 'mutex_unlock'], [/^down_(read|write)$/, 'up_$1'], [/^read_lock$/, 'read_unlock'], [/^write_lock$/, 'write_unlock'],
	[/^read_lock_bh$/, 'read_unlock_bh'], [/^write_lock_bh$/, 'write_unlock_bh'], [/^(read|write)_lock_irqsave$/, '$1_unlock_irqrestore'], [/^(read|write)_lock_irq$/, '$1_unlock_irq'],
];

export function acquireOf(call: CallLine): LockCall | null {
	for (const [pattern, release] of RELEASES) {
		if (pattern.test(call.callee)) {
			return { call, key: call.args[0] ?? '', release: call.callee.replace(pattern, release), spins: /spin|read_lock|write_lock/.test(call.callee) };
		}
	}
	return null;
}

export const isRelease = (call: CallLine, lock: LockCall): boolean => call.callee === lock.release && call.args[0] === lock.key;

const GET = /^(kref_get|refcount_inc|get_page|folio_get|get_device|get_file|get_task_struct|dget|ihold|dev_hold|sock_hold|of_node_get|kobject_get|get_pid|mmget|mmgrab|skb_get|igrab|usb_get_dev|usb_get_intf|tty_kref_get|get_net|__module_get|path_get|mntget|get_cred|atomic_inc)$/;
const PUT = /^(kref_put|put_page|folio_put|put_device|fput|dput|iput|dev_put|sock_put|of_node_put|kobject_put|put_pid|mmput|mmdrop|usb_put_dev|usb_put_intf|tty_kref_put|put_net|module_put|path_put|mntput|put_cred|put_task_struct|brelse|fdput)$/;

/** An atomic counter counts references only when its name says so. */
export const isGet = (call: CallLine): boolean => GET.test(call.callee) && (call.callee !== 'atomic_inc' || /ref|count$|users?$/.test(call.args[0] ?? ''));
export const isPut = (call: CallLine): boolean => PUT.test(call.callee);

export const SLEEPING_OFF = /^(cancel_work_sync|cancel_delayed_work_sync|del_timer_sync|timer_delete_sync|timer_shutdown_sync|hrtimer_cancel|tasklet_kill|flush_work|kthread_stop|free_irq|flush_delayed_work)$/;

/** Frees what holds the work, the timer, …: the same variable, by what a free is called; free_irq() ends an interrupt and no object. */
export const isFree = (later: CallLine, cancelled: CallLine): boolean => {
	const owner = /\w+/.exec((cancelled.args[0] ?? '').replace(/^[&(]+/, ''))?.[0];
	return !SLEEPING_OFF.test(later.callee) && /(^|_)(kfree|kvfree|free|release|put|destroy)(_|$)|^kfree/.test(later.callee) && owner !== undefined && new RegExp(`\\b${owner}\\b`).test(later.args.join(','));
};
